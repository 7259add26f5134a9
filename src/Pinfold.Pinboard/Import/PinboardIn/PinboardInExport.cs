using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;

namespace Pinfold.Pinboard.Import.PinboardIn;

/// <summary>
/// The JSON export of pinboard.in: an array of flat objects. Its names are those of the service's first API: the title
/// is <c>description</c>, the description <c>extended</c>. (pinboard.in/api, posts/all.)
/// </summary>
static class PinboardInExport
{
    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        Stream source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var rows = new RowMaker();
        var place = new FolderTree(defaultBoard).Current;
        await foreach (var (record, problem) in JsonRecords.ReadAsync(source, cancellation))
            yield return record is null ? rows.CutOff(problem!) : rows.Link(place, new RawEntry
            {
                Url = record["href"],
                Title = record["description"],
                Description = record["extended"],
                Tags = TagText.SplitAtBlanks(record["tags"] ?? ""),
                Time = BookmarkDate.Parse(record["time"]),
                Secret = record["shared"] is "no" or "0" or "false",
            });
    }
}
