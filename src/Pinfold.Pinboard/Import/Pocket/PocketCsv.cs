using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import.Pocket;

/// <summary>
/// The CSV export of Pocket: <c>title,url,time_added,tags,status</c>, columns found by their names; seconds since
/// 1970, tags parted by <c>|</c>.
/// </summary>
static class PocketCsv
{
    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        Stream source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var text = await SourceText.OpenAsync(source, cancellation);
        var rows = new RowMaker();
        var place = new FolderTree(defaultBoard).Current;
        List<string>? columns = null;
        CsvRecord last = default;
        await foreach (var record in CsvRecords.ReadAsync(text, cancellation))
        {
            if (columns is null)
            {
                columns = Columns(record);
                continue;
            }
            // One behind: only the last record may be short because the file was cut off.
            if (last.Fields is not null)
                yield return Row(rows, place, columns, last);
            last = record;
        }
        if (last.Fields is null)
            yield break;
        if (last.IsCutOff || last.Fields.Count < columns!.Count)
            yield return rows.Remark(
                "The end of the file",
                $"The file ends in the middle of an entry that begins in line {last.Line}: it was cut off. "
                + "What comes before was read; export it again for the rest.",
                last.Line);
        else
            yield return Row(rows, place, columns, last);
    }

    static List<string> Columns(CsvRecord header)
    {
        var columns = header.Fields.Select(f => f.Trim().ToLowerInvariant()).ToList();
        return columns.Contains("url")
            ? columns
            : throw new PinfoldException(ErrorKind.Invalid,
                "The first line of the CSV file names no column “url”; "
                + "Pocket's is title,url,time_added,tags,status.");
    }

    static ImportRow Row(RowMaker rows, Place place, List<string> columns, CsvRecord record)
    {
        var entry = new RawEntry
        {
            Url = Value("url"),
            Title = Value("title"),
            Tags = Value("tags")?.Split('|') ?? [],
            AddedAt = BookmarkDate.Parse(Value("time_added")),
            Line = record.Line,
        };
        var row = rows.Link(place, entry);
        return record.Fields.Count == columns.Count
            ? row
            : row with
            {
                Problem = $"Line {record.Line} has {record.Fields.Count} fields, but the first line names "
                    + $"{columns.Count}; a comma within a text needs quotation marks around the text.",
            };

        string? Value(string column) =>
            columns.IndexOf(column) is var at and >= 0 && at < record.Fields.Count ? record.Fields[at] : null;
    }
}
