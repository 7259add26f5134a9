using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;

namespace Pinfold.Pinboard.Import.Pinterest;

/// <summary>
/// The page of pins in Pinterest's data export: <c>h1</c> begins a section; in "Pins", each pin is a line with its
/// address and then one line for each field, <c>Name: value,</c>, parted by <c>br</c>; <c>No data</c> stands for
/// nothing. (After the sample and README of github.com/ChowSinWon/pinterest-export-parser.)
/// </summary>
sealed class PinterestExport : IHtmlReader
{
    static readonly FrozenSet<string> Attributes = FrozenSet.ToFrozenSet(["href"]);

    /// <summary>Fields that a person wrote: a line that is no field goes on with them.</summary>
    static readonly FrozenSet<string> FreeTexts = FrozenSet.ToFrozenSet(["Title", "Details", "Alt Text", "Board Name"]);

    static readonly FrozenSet<string> Fields = FrozenSet.ToFrozenSet([
        .. FreeTexts, "Image", "Is Native", "Board Id", "Is Video", "Ip Address", "Username", "Canonical Link",
        "Story Pin Media", "Video", "Created at", "Alive", "Is a repin", "Private"]);

    readonly RowMaker _rows = new();
    readonly FolderTree _boards;
    readonly Dictionary<string, Place> _places = [];
    readonly SourceKeys _keys = new();
    readonly Queue<ImportRow> _ready = [];
    readonly StringBuilder _words = new();
    readonly Dictionary<string, string> _fields = [];
    string? _field;
    string? _pinAddress;
    string? _lineLink;
    long _pinLine;
    bool _isHeading;
    bool _isPins;

    PinterestExport(string defaultBoard)
    {
        _boards = new FolderTree(defaultBoard);
        _places[""] = _boards.Current;
    }

    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        Stream source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var text = await SourceText.OpenAsync(source, cancellation);
        var export = new PinterestExport(defaultBoard);
        await foreach (var _ in HtmlTokenizer.ReadAsync(text, Attributes, export, cancellation))
            while (export._ready.TryDequeue(out var row))
                yield return row;
    }

    bool IHtmlReader.IsMarkup(TagStart tag) => true;

    void IHtmlReader.Take(HtmlToken token)
    {
        if (token.Kind == HtmlTokenKind.Text)
        {
            var room = HtmlTokenizer.TextLengthMax - _words.Length;
            _words.Append(token.Text.AsSpan(0, Math.Min(token.Text.Length, room)));
        }
        else if (token.IsStart("a"))
            _lineLink ??= token["href"];
        else if (token.IsStart("br"))
            EndLine(token.Line);
        else if (token.IsStart("h1") || token.IsEnd("div") || token.IsEnd("body"))
        {
            EndLine(token.Line);
            FinishPin();
            _isHeading = token.IsStart("h1");
        }
        else if (token.IsEnd("h1") && _isHeading)
            BeginSection(token.Line);
        else if (token.Kind == HtmlTokenKind.CutOff)
            CutOff("in the middle of a tag", token.Line);
        else if (token.Kind == HtmlTokenKind.EndOfFile)
            EndOfFile(token.Line);
    }

    void BeginSection(long line)
    {
        var name = Text.OneLine(_words.ToString());
        ClearLine();
        _isHeading = false;
        _isPins = string.Equals(name, "Pins", StringComparison.OrdinalIgnoreCase);
        if (!_isPins)
            _ready.Enqueue(_rows.Remark(
                name, $"The section “{Text.Cut(name, 80)}” holds no pins and is not read.", line));
    }

    void EndLine(long line)
    {
        var (words, link) = (_words.ToString().Trim(), _lineLink);
        ClearLine();
        if (!_isPins)
            return;
        if (IsPinAddress(link) && words == link)
        {
            FinishPin();
            (_pinAddress, _pinLine) = (link, line);
        }
        else if (_pinAddress is not null)
            TakeField(words, link);
    }

    void TakeField(string words, string? link)
    {
        var colon = words.IndexOf(':');
        if (colon > 0 && Fields.Contains(words[..colon]) && !_fields.ContainsKey(words[..colon]))
        {
            _field = words[..colon];
            _fields[_field] = link is not null && _field == "Canonical Link" ? link : words[(colon + 1)..].Trim();
        }
        else if (_field is not null && FreeTexts.Contains(_field)
            && _fields[_field].Length + words.Length < HtmlTokenizer.TextLengthMax)
            _fields[_field] += "\n" + words;
    }

    void FinishPin()
    {
        if (_pinAddress is not { } address)
            return;
        var board = Field("Board Name") ?? "";
        if (!_places.TryGetValue(board, out var place))
        {
            place = _places[board] = _boards.Child(board, isWrapper: false);
            _ready.Enqueue(_rows.Folder(place, new RawEntry { Title = board, Line = _pinLine }));
        }
        // What has no source of its own leads to where it was pinned.
        var link = LinkAddress.Check(Field("Canonical Link") ?? address);
        var entry = new RawEntry
        {
            Url = link.Url,
            Title = Field("Title"),
            Description = Field("Details") ?? Field("Alt Text"),
            Time = BookmarkDate.Parse(Field("Created at")),
            Secret = Field("Private") == "True",
            PictureAddress = PictureAddress(Field("Image")),
            Line = _pinLine,
        };
        var problem = Field("Alive") == "False" ? $"The pin {address} had been deleted at Pinterest." : link.Problem;
        _ready.Enqueue(_rows.Pin(_keys.Next("pinterest", address.TrimEnd('/')), place, entry, problem, link.Note));
        ForgetPin();
    }

    void EndOfFile(long line)
    {
        // The export closes its outermost element; without that the last pin may lack fields: that it is private.
        if (_pinAddress is not null)
            CutOff("in the middle of a pin", line);
    }

    void CutOff(string where, long line)
    {
        ForgetPin();
        _ready.Enqueue(_rows.Remark(
            "The end of the file",
            $"The file ends {where}, in line {line}: it was cut off. What comes before was read; "
            + "ask for the export again.",
            line));
    }

    void ForgetPin()
    {
        _pinAddress = null;
        _field = null;
        _fields.Clear();
        ClearLine();
    }

    void ClearLine()
    {
        _words.Clear();
        _lineLink = null;
    }

    /// <summary>The field without the comma that most lines end in; null if it has no value.</summary>
    string? Field(string name)
    {
        if (!_fields.TryGetValue(name, out var value))
            return null;
        value = (value.EndsWith(',') ? value[..^1] : value).Trim();
        return value is "" or "No data" ? null : value;
    }

    static bool IsPinAddress(string? link) =>
        Uri.TryCreate(link, UriKind.Absolute, out var uri)
        && uri.Host.Contains("pinterest.", StringComparison.OrdinalIgnoreCase)
        && uri.AbsolutePath.StartsWith("/pin/", StringComparison.Ordinal);

    /// <summary>
    /// The export names a picture by its hash; the widest picture that is there for every pin is 736 pixels wide.
    /// </summary>
    static string? PictureAddress(string? image)
    {
        if (image is null || image.StartsWith("https://", StringComparison.Ordinal))
            return image;
        return image.Length is >= 6 and <= 64 && image.All(char.IsAsciiLetterOrDigit)
            ? $"https://i.pinimg.com/736x/{image[..2]}/{image[2..4]}/{image[4..6]}/{image}.jpg"
            : null;
    }
}
