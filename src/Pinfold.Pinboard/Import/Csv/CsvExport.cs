using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import.Csv;

/// <summary>
/// Reads a CSV file of a known form: columns are found by their names, and those that are dropped are said by name.
/// </summary>
sealed class CsvExport
{
    const int PrefaceShownMax = 200;

    readonly CsvForm _form;
    readonly RowMaker _rows = new();
    readonly FolderPaths _folders;
    readonly HashSet<string> _filled = [];
    string[] _header = [];

    CsvExport(CsvForm form, string defaultBoard) => (_form, _folders) = (form, new FolderPaths(defaultBoard));

    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        CsvForm form, Stream source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var text = await SourceText.OpenAsync(source, cancellation);
        var export = new CsvExport(form, defaultBoard);
        CsvRecord last = default;
        await foreach (var record in CsvRecords.ReadAsync(text, cancellation))
        {
            if (export._header.Length == 0)
            {
                if (export.Begin(record) is { } remark)
                    yield return remark;
                continue;
            }
            // One behind: only the last record may be short because the file was cut off.
            foreach (var row in export.Take(last))
                yield return row;
            last = record;
        }
        foreach (var row in export.End(last))
            yield return row;
    }

    /// <summary>Takes the names of the columns; gives a remark for what stands before them.</summary>
    ImportRow? Begin(CsvRecord record)
    {
        if (_form.IsHeader(record.Fields))
        {
            _header = [.. record.Fields.Select(field => Text.OneLine(field))];
            return null;
        }
        if (record.Line > _form.PrefaceLinesMax)
            throw new PinfoldException(ErrorKind.Invalid, "The CSV file does not begin with the names of its columns.");
        var words = string.Join(", ", record.Fields.Where(field => !string.IsNullOrWhiteSpace(field)));
        return _rows.Remark(
            "The beginning of the file",
            $"“{Text.Cut(Text.OneLine(words), PrefaceShownMax)}” is no entry and was not used.",
            record.Line);
    }

    IEnumerable<ImportRow> Take(CsvRecord record)
    {
        if (record.Fields is null)
            yield break;
        var line = LineOf(record);
        var (home, place, made) = _folders.Get(_form.Folder(line) ?? []);
        if (_form.HasFolders)
            foreach (var folder in made)
                yield return _rows.Folder(folder, new RawEntry
                {
                    Title = folder.Section ?? folder.Board,
                    Line = record.Line,
                });
        var row = _rows.Link(_form.HasFolders ? place : home, place, _form.Entry(line) with { Line = record.Line });
        yield return record.Fields.Count == _header.Length ? row : row with
        {
            Problem = $"Line {record.Line} has {record.Fields.Count} fields, but the first line names "
                + $"{_header.Length}; a comma within a text needs quotation marks around the text.",
        };
    }

    IEnumerable<ImportRow> End(CsvRecord last)
    {
        if (last.Fields is not null && (last.IsCutOff || last.Fields.Count < _header.Length))
            yield return _rows.Remark(
                "The end of the file",
                $"The file ends in the middle of an entry that begins in line {last.Line}: it was cut off. "
                + "What comes before was read; export it again for the rest.",
                last.Line);
        else
            foreach (var row in Take(last))
                yield return row;
        if (Dropped() is { } dropped)
            yield return _rows.Remark("Columns of the file", dropped);
    }

    CsvLine LineOf(CsvRecord record)
    {
        var values = new Dictionary<string, string>();
        foreach (var (column, value) in _header.Zip(record.Fields))
        {
            if (string.IsNullOrWhiteSpace(value))
                continue;
            _filled.Add(column);
            if (_form.NameOf(column) is { } name)
                values.TryAdd(name, value);
        }
        return new CsvLine(values);
    }

    /// <summary>What the file has and pins have not; said also where there is nothing in it.</summary>
    string? Dropped()
    {
        var columns = _header.Where(column => column.Length > 0).ToLookup(_filled.Contains);
        var dropped = columns[true].Where(column => _form.NameOf(column) is null).ToList();
        var empty = columns[false].Where(column => _form.SaysEmpty || _form.NameOf(column) is null).ToList();
        var said = new List<string>();
        if (dropped.Count > 0)
            said.Add($"Not used: {Quoted(dropped)}.");
        if (empty.Count > 0)
            said.Add($"Not used, for nothing is in them: {Quoted(empty)}.");
        return said.Count == 0 ? null : string.Join(' ', said);
    }

    static string Quoted(IEnumerable<string> columns) =>
        string.Join(", ", columns.Select(column => $"“{Text.Cut(column, 60)}”"));
}
