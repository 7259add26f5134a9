using System.Runtime.CompilerServices;
using System.Text.Json;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;

namespace Pinfold.Pinboard.Import.PinboardIn;

/// <summary>
/// The JSON export of pinboard.in: an array of flat objects. Its names are those of the service's first API: the title
/// is <c>description</c>, the description <c>extended</c>. (pinboard.in/api, posts/all.)
/// </summary>
sealed class PinboardInExport(string defaultBoard)
{
    readonly RowMaker _rows = new();
    readonly Place _place = new FolderTree(defaultBoard).Current;
    readonly Queue<ImportRow> _ready = [];
    readonly Dictionary<string, string> _values = [];
    int _depth;
    string? _property;

    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        Stream source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var export = new PinboardInExport(defaultBoard);
        await foreach (var problem in JsonTokens.ReadAsync(source, export.Take, cancellation))
        {
            while (export._ready.TryDequeue(out var row))
                yield return row;
            if (problem is not null)
                yield return export._rows.Remark(
                    "The end of the file", $"{problem} What comes before was read; export it again for the rest.");
        }
    }

    void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                _depth++;
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                if (_depth == 2 && reader.TokenType == JsonTokenType.EndObject)
                    Finish();
                _depth--;
                break;
            case JsonTokenType.PropertyName:
                _property = _depth == 2 ? JsonTokens.Text(ref reader) : null;
                break;
            case JsonTokenType.String
                when _property is "href" or "description" or "extended" or "time" or "shared" or "tags":
                _values[_property] = JsonTokens.Text(ref reader)!;
                break;
        }
    }

    void Finish()
    {
        _ready.Enqueue(_rows.Link(_place, new RawEntry
        {
            Url = _values.GetValueOrDefault("href"),
            Title = _values.GetValueOrDefault("description"),
            Description = _values.GetValueOrDefault("extended"),
            Tags = TagText.SplitAtBlanks(_values.GetValueOrDefault("tags", "")),
            AddedAt = BookmarkDate.Parse(_values.GetValueOrDefault("time")),
            Secret = _values.GetValueOrDefault("shared") == "no",
        }));
        _values.Clear();
    }
}
