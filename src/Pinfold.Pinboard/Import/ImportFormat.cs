using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Pinfold.Pinboard.Import.PinboardIn;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import;

/// <summary>What a file can be imported as. Files are told by what is in them, never by their names.</summary>
sealed partial class ImportFormat
{
    public static readonly ImportFormat NetscapeBookmarks =
        new("netscape", "a bookmark file (HTML)", Netscape.NetscapeBookmarks.ReadAsync);

    public static readonly ImportFormat ChromeProfile =
        new("chrome", "the bookmark file of a Chrome profile (JSON)", Chrome.ChromeProfile.ReadAsync);

    public static readonly ImportFormat PinboardIn =
        new("pinboard.in", "an export of pinboard.in (JSON)", PinboardInExport.ReadAsync);

    public static readonly ImportFormat PocketCsv =
        new("pocket", "an export of Pocket (CSV)", Pocket.PocketCsv.ReadAsync);

    public static readonly ImportFormat PinterestExport =
        new("pinterest", "a Pinterest export (HTML)", Pinterest.PinterestExport.ReadAsync);

    public static readonly ImportFormat ImageZip =
        new("images", "a zip archive of images", Images.ImageZip.ReadAsync);

    public static readonly IReadOnlyList<ImportFormat> Bookmarks =
        [NetscapeBookmarks, ChromeProfile, PinboardIn, PocketCsv];

    public static readonly IReadOnlyList<ImportFormat> All = [.. Bookmarks, PinterestExport, ImageZip];

    readonly Func<Stream, string, CancellationToken, IAsyncEnumerable<ImportRow>> _read;

    ImportFormat(string key, string name, Func<Stream, string, CancellationToken, IAsyncEnumerable<ImportRow>> read) =>
        (Key, Name, _read) = (key, name, read);

    /// <summary>A short word for it, for records and logs.</summary>
    public string Key { get; }

    /// <summary>Which of the three imports reads it.</summary>
    string Command => Bookmarks.Contains(this) ? "bookmarks" : this == PinterestExport ? "pinterest" : "images";

    /// <summary>What it is, for a person, with its article.</summary>
    public string Name { get; }

    /// <summary>
    /// Streams the rows in file order; what lies in no folder goes to <paramref name="defaultBoard"/>. The source
    /// must be seekable and is left open; reading it again gives the same rows.
    /// </summary>
    /// <exception cref="PinfoldException">Invalid: the source is something else, or damaged as a whole.</exception>
    public async IAsyncEnumerable<ImportRow> ReadAsync(
        Stream source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await DetectAsync(source, [this], cancellation);
        await foreach (var row in _read(source, defaultBoard, cancellation))
            yield return row;
    }

    /// <summary>Tells which of the formats that are <paramref name="expected"/> here the source is in.</summary>
    /// <exception cref="PinfoldException">
    /// Invalid: none of them; the message says what it is and what would be right.
    /// </exception>
    public static async Task<ImportFormat> DetectAsync(
        Stream source, IReadOnlyList<ImportFormat> expected, CancellationToken cancellation)
    {
        var head = await SourceHead.ReadAsync(source, cancellation);
        var (format, what) = Judge(head);
        if (format is not null && expected.Contains(format))
            return format;
        // What is in a zip archive is not known before it is opened.
        if (format is not null && format != ImageZip)
            throw new PinfoldException(ErrorKind.Invalid,
                $"This is {format.Name}; `pinfold import {format.Command}` reads it.");
        throw new PinfoldException(ErrorKind.Invalid,
            $"This is {format?.Name ?? what}. Expected here: {string.Join(", or ", expected.Select(f => f.Name))}."
            + Advice(head, expected));
    }

    static (ImportFormat? Format, string What) Judge(SourceHead head)
    {
        if (head.Bytes.Length == 0)
            return (null, "an empty file");
        if (head.Binary is { } binary)
            return binary == "a zip archive" ? (ImageZip, binary) : (null, binary);
        var text = head.Decode().TrimStart();
        return text switch
        {
            ['{', ..] when JsonProperty("roots").IsMatch(text) => (ChromeProfile, ""),
            ['[', ..] when JsonProperty("href").IsMatch(text) || EmptyArray().IsMatch(text) => (PinboardIn, ""),
            ['{' or '[', ..] => (null, "JSON of another kind"),
            ['<', ..] => JudgeHtml(text),
            _ when IsCsv(text) => (PocketCsv, ""),
            _ when ListTag().IsMatch(text) => (NetscapeBookmarks, ""),
            _ => (null, "a text file of another kind"),
        };
    }

    static (ImportFormat? Format, string What) JudgeHtml(string text)
    {
        if (text.Contains("NETSCAPE-Bookmark-file", StringComparison.OrdinalIgnoreCase) || ListTag().IsMatch(text))
            return (NetscapeBookmarks, "");
        return PinterestMark().IsMatch(text) ? (PinterestExport, "") : (null, "a web page or XML file of another kind");
    }

    static bool IsCsv(string text)
    {
        var firstLine = text[..Math.Max(0, text.AsSpan().IndexOfAny('\r', '\n'))];
        var columns = firstLine.ToLowerInvariant().Split(',');
        return columns.Length > 1 && columns.Select(c => c.Trim(' ', '"')).Contains("url");
    }

    static string Advice(SourceHead head, IReadOnlyList<ImportFormat> expected) => head switch
    {
        { IsImage: true } => " Images are imported as a folder, or a zip archive of one.",
        { Binary: not null } when expected.Contains(NetscapeBookmarks) =>
            " In the browser's bookmark manager, choose to export as HTML.",
        { Binary: null } when head.Bytes.Span.IndexOf("text/x-moz-place"u8) >= 0 =>
            " It seems to be a backup of Firefox: choose “Export Bookmarks to HTML” there instead of “Backup”.",
        _ => "",
    };

    static Regex JsonProperty(string name) => new($"\"{name}\"\\s*:", RegexOptions.CultureInvariant);

    [GeneratedRegex(@"^\[\s*\]\s*$")]
    private static partial Regex EmptyArray();

    /// <summary>A list or an entry, written as bookmark files write them and other pages hardly do.</summary>
    [GeneratedRegex(@"<dt>\s{0,99}<(a|h3)[\s>]|<dl>\s{0,99}<p>", RegexOptions.IgnoreCase)]
    private static partial Regex ListTag();

    [GeneratedRegex(
        @"<h1[^>]{0,200}>\s{0,9}Pins\s{0,9}</h1>|pinterest\.[a-z.]{2,6}/pin/|<div id=[""']?contents",
        RegexOptions.IgnoreCase)]
    private static partial Regex PinterestMark();
}
