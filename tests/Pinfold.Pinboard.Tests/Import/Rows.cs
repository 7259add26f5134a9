using System.Text;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Rows;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import;

/// <summary>Reads samples and texts to rows, and rows to texts that can be compared.</summary>
static class Rows
{
    public const string DefaultBoard = "Imported";

    public static string SamplePath(string name) => Path.Combine(AppContext.BaseDirectory, "Samples", name);

    public static byte[] Sample(string name) => File.ReadAllBytes(SamplePath(name));

    public static Task<List<ImportRow>> OfSampleAsync(ImportFormat format, string name) =>
        OfAsync(format, Sample(name));

    public static Task<List<ImportRow>> OfAsync(ImportFormat format, string text) =>
        OfAsync(format, Encoding.UTF8.GetBytes(text));

    public static async Task<List<ImportRow>> OfAsync(ImportFormat format, byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return await ListAsync(format.ReadAsync(stream, DefaultBoard, TestContext.Current.CancellationToken));
    }

    /// <summary>As what it is found to be, among all formats.</summary>
    public static async Task<(string Key, List<ImportRow> Rows)> DetectAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        var format = await ImportFormat.DetectAsync(stream, ImportFormat.All, TestContext.Current.CancellationToken);
        return (format.Key, await OfAsync(format, bytes));
    }

    public static Task<(string Key, List<ImportRow> Rows)> DetectTextAsync(string text) =>
        DetectAsync(Encoding.UTF8.GetBytes(text));

    public static Task<(string Key, List<ImportRow> Rows)> DetectSampleAsync(string name) =>
        DetectAsync(Sample($"formats/{name}"));

    public static async Task<List<ImportRow>> ListAsync(IAsyncEnumerable<ImportRow> rows)
    {
        var list = new List<ImportRow>();
        await foreach (var row in rows)
            list.Add(row);
        return list;
    }

    public static List<ImportRow> Pins(this IEnumerable<ImportRow> rows) => [.. rows.Where(r => r.Kind == RowKind.Pin)];

    public static List<ImportRow> Folders(this IEnumerable<ImportRow> rows) =>
        [.. rows.Where(r => r.Kind == RowKind.Folder)];

    public static List<ImportRow> Remarks(this IEnumerable<ImportRow> rows) =>
        [.. rows.Where(r => r.Kind == RowKind.Remark)];

    /// <summary>The pin whose title begins so.</summary>
    public static ImportRow Pin(this IEnumerable<ImportRow> rows, string titleStart) =>
        rows.Single(r => r.Kind == RowKind.Pin && r.Title?.StartsWith(titleStart, StringComparison.Ordinal) == true);

    /// <summary>Everything in a row, for comparing.</summary>
    public static string Show(this ImportRow row) =>
        $"{row.Position}|{row.Kind}|{row.SourceKey}|{row.Board}|{row.Section}|{row.Url}|{row.Title}|{row.Description}|"
        + $"{string.Join(',', row.Tags)}|{row.AddedAt:O}|{row.Order}|{row.Secret}|{row.Picture?.Name}|"
        + $"{row.Problem}|{row.Note}|{row.Line}";
}
