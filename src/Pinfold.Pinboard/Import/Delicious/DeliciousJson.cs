using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;

namespace Pinfold.Pinboard.Import.Delicious;

/// <summary>
/// The JSON export of Delicious: an array of flat objects with <c>url</c>, <c>title</c>, <c>description</c>,
/// <c>tags</c> (an array, an empty text for none), <c>created</c> in seconds since 1970, <c>private</c> as "0" or "1".
/// </summary>
static class DeliciousJson
{
    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        Stream source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var rows = new RowMaker();
        var place = new FolderTree(defaultBoard).Current;
        await foreach (var (record, problem) in JsonRecords.ReadAsync(source, cancellation))
            yield return record is null ? rows.CutOff(problem!) : rows.Link(place, new RawEntry
            {
                Url = record["url"],
                Title = record["title"],
                Description = record["description"],
                Tags = record.All("tags").SelectMany(tag => tag.Split(',')),
                Time = BookmarkDate.Parse(record["created"]),
                // What is not said to be public stays with its owner.
                Secret = record["private"] is not (null or "" or "0" or "false" or "no"),
            });
    }
}
