using System.Text.RegularExpressions;
using Pinfold.Pinboard.Import.Csv;
using Pinfold.Pinboard.Import.Syntax;

namespace Pinfold.Pinboard.Import;

/// <summary>Tells what a file is by how it begins; or what it seems to be, if it is nothing that is read.</summary>
static partial class FormatJudge
{
    const int ColumnsShownMax = 12;

    /// <summary>Roots of XML and HTML that people take for bookmarks, or have beside them.</summary>
    static readonly (string Root, string What)[] OtherRoots =
    [
        ("opml", "an OPML file: a list of feeds"),
        ("xbel", "an XBEL bookmark file; export as HTML instead"),
        ("rss", "a feed (RSS)"),
        ("feed", "a feed (Atom)"),
        ("plist", "a property list of Apple; in Safari, export the bookmarks as HTML instead"),
        ("svg", "an SVG image"),
    ];

    /// <summary>Columns of CSV files that people have beside their bookmarks.</summary>
    static readonly (string[] Columns, string What)[] OtherTables =
    [
        (["url", "username", "password"], "a browser's list of passwords (CSV), which should not lie about"),
        (["highlight", "book title"], "an export of Readwise (CSV)"),
        (["isbn", "author"], "a list of books (CSV)"),
    ];

    /// <summary>The format, or null and what it is instead, with its article.</summary>
    public static (ImportFormat? Format, string What) Judge(SourceHead head)
    {
        if (head.Bytes.Length == 0)
            return (null, "an empty file");
        if (head.Binary is { } binary)
            return binary switch
            {
                SourceHead.ZipArchive => (ImportFormat.ImageZip, binary),
                SourceHead.FirefoxBackup => (ImportFormat.FirefoxBackup, ""),
                _ => (null, binary),
            };
        var text = head.Decode().TrimStart();
        return text switch
        {
            ['{' or '[', ..] => JudgeJson(head),
            ['<', ..] => JudgeMarkup(text),
            _ => JudgeTable(text) is { Format: not null } table ? table
                : ListTag().IsMatch(text) ? (ImportFormat.NetscapeBookmarks, "")
                : JudgeTable(text),
        };
    }

    static (ImportFormat? Format, string What) JudgeJson(SourceHead head)
    {
        if (JsonHead.Read(head) is not { } json)
            return (null, "a text file of another kind");
        var names = json.Names;
        if (!json.IsArray && names.Contains("roots"))
            return (ImportFormat.ChromeProfile, "");
        if (!json.IsArray && head.Bytes.Span.IndexOf("text/x-moz-place"u8) >= 0)
            return (ImportFormat.FirefoxBackup, "");
        if (json.IsArray && (names.Contains("href") || EmptyArray().IsMatch(head.Decode())))
            return (ImportFormat.PinboardIn, "");
        if (json.IsArray && names.Contains("url") && names.Contains("created")
            && (names.Contains("private") || names.Contains("tags")))
            return (ImportFormat.DeliciousJson, "");
        return (null, names switch
        {
            [] => "JSON of no known kind",
            _ when !json.IsArray && names.Contains("features") => "a map (GeoJSON), as Google gives starred places",
            _ => $"JSON of no known kind: {(json.IsArray ? "objects" : "an object")} with {Shown(names)}",
        });
    }

    static (ImportFormat? Format, string What) JudgeMarkup(string text)
    {
        if (text.Contains("NETSCAPE-Bookmark-file", StringComparison.OrdinalIgnoreCase) || ListTag().IsMatch(text))
            return (ImportFormat.NetscapeBookmarks, "");
        if (PocketMark().IsMatch(text))
            return (ImportFormat.PocketHtml, "");
        if (InstapaperMark().IsMatch(text))
            return (ImportFormat.InstapaperHtml, "");
        if (PinterestMark().IsMatch(text))
            return (ImportFormat.PinterestExport, "");
        var root = Root().Match(text).Groups[1].Value.ToLowerInvariant();
        if (root == "posts")
            return (ImportFormat.PostsXml, "");
        var other = Array.Find(OtherRoots, other => other.Root == root).What;
        return (null, other ?? "a web page or XML file of another kind");
    }

    static (ImportFormat? Format, string What) JudgeTable(string text)
    {
        var records = CsvRecords.Begin(text);
        foreach (var (format, form) in ImportFormat.Tables)
            if (records.Exists(record => record.Line <= form.PrefaceLinesMax + 1 && form.IsHeader(record.Fields)))
                return (format, "");
        // A table has as many values in each line as names in the first, and more than one.
        if (records is not [{ Fields: { Count: > 1 } names }, ..]
            || (records.Count > 2 && records[1].Fields.Count != names.Count))
            return (null, "a text file of another kind");
        var columns = names.Select(name => Text.OneLine(name).ToLowerInvariant()).ToList();
        var other = Array.Find(OtherTables, other => other.Columns.All(columns.Contains)).What;
        return (null, other ?? $"a CSV file of no known kind, with the columns {Shown(names)}");
    }

    static string Shown(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(ColumnsShownMax).Select(name => $"“{Text.Cut(Text.OneLine(name), 40)}”"))
        + (names.Count > ColumnsShownMax ? " and more" : "");

    [GeneratedRegex(@"^\[\s*\]\s*$")]
    private static partial Regex EmptyArray();

    /// <summary>A list or an entry, written as bookmark files write them and other pages hardly do.</summary>
    [GeneratedRegex(@"<dt>\s{0,99}<(a|h3)[\s>]|<dl>\s{0,99}<p>", RegexOptions.IgnoreCase)]
    private static partial Regex ListTag();

    [GeneratedRegex(@"<title>\s{0,9}Pocket Export|<a\s[^>]{0,3000}\stime_added=", RegexOptions.IgnoreCase)]
    private static partial Regex PocketMark();

    [GeneratedRegex(@"<title>\s{0,9}Instapaper", RegexOptions.IgnoreCase)]
    private static partial Regex InstapaperMark();

    [GeneratedRegex(
        @"<h1[^>]{0,200}>\s{0,9}Pins\s{0,9}</h1>|pinterest\.[a-z.]{2,6}/pin/|<div id=[""']?contents",
        RegexOptions.IgnoreCase)]
    private static partial Regex PinterestMark();

    /// <summary>The first element, after the declaration, comments and the document type.</summary>
    [GeneratedRegex(
        @"\A(?:\s|<\?.*?\?>|<!--.*?-->|<![^>]*>)*<([a-z][\w:-]*)",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Root();
}
