using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Import.Csv;
using Pinfold.Pinboard.Import.GoogleSaved;
using Pinfold.Pinboard.Import.HeadedLists;
using Pinfold.Pinboard.Import.Instapaper;
using Pinfold.Pinboard.Import.PinboardIn;
using Pinfold.Pinboard.Import.Raindrop;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import;

/// <summary>What a file can be imported as. Files are told by what is in them, never by their names.</summary>
sealed class ImportFormat
{
    public static readonly ImportFormat NetscapeBookmarks =
        new("netscape", "a bookmark file (HTML)", Netscape.NetscapeBookmarks.ReadAsync);

    public static readonly ImportFormat ChromeProfile =
        new("chrome", "the bookmark file of a Chrome profile (JSON)", Chrome.ChromeProfile.ReadAsync);

    public static readonly ImportFormat FirefoxBackup =
        new("firefox", "a backup of Firefox (JSON)", Firefox.FirefoxBackup.ReadAsync);

    public static readonly ImportFormat PinboardIn =
        new("pinboard.in", "an export of pinboard.in (JSON)", PinboardInExport.ReadAsync);

    public static readonly ImportFormat DeliciousJson =
        new("delicious", "an export of Delicious (JSON)", Delicious.DeliciousJson.ReadAsync);

    public static readonly ImportFormat PostsXml =
        new("posts", "an export of Delicious or pinboard.in (XML)", Delicious.PostsXml.ReadAsync);

    public static readonly ImportFormat PocketHtml =
        OfLists("pocket-html", "an export of Pocket (HTML)", Pocket.PocketHtml.Form);

    public static readonly ImportFormat PocketCsv =
        OfTable("pocket", "an export of Pocket (CSV)", Pocket.PocketCsv.Form);

    public static readonly ImportFormat InstapaperHtml =
        OfLists("instapaper-html", "an export of Instapaper (HTML)", Instapaper.InstapaperHtml.Form);

    public static readonly ImportFormat InstapaperTable =
        OfTable("instapaper", "an export of Instapaper (CSV)", InstapaperCsv.Form);

    public static readonly ImportFormat RaindropTable =
        OfTable("raindrop", "an export of Raindrop.io (CSV)", RaindropCsv.Form);

    public static readonly ImportFormat GoogleSavedList =
        OfTable("google-saved", "a list saved at Google (CSV, of Takeout)", SavedList.Form);

    public static readonly ImportFormat ExportZip =
        new("exports", "a zip archive of such files, as Pocket sends it", ExportArchive.ReadAsync);

    public static readonly ImportFormat PinterestExport =
        new("pinterest", "a Pinterest export (HTML)", Pinterest.PinterestExport.ReadAsync);

    public static readonly ImportFormat ImageZip =
        new("images", "a zip archive of images", Images.ImageZip.ReadAsync);

    /// <summary>What the CSV files are told by; the one that asks for most comes first.</summary>
    public static readonly IReadOnlyList<(ImportFormat Format, CsvForm Form)> Tables =
    [
        (RaindropTable, RaindropCsv.Form), (InstapaperTable, InstapaperCsv.Form),
        (PocketCsv, Pocket.PocketCsv.Form), (GoogleSavedList, SavedList.Form),
    ];

    public static readonly IReadOnlyList<ImportFormat> Bookmarks =
    [
        NetscapeBookmarks, ChromeProfile, FirefoxBackup, PinboardIn, DeliciousJson, PostsXml, PocketHtml, PocketCsv,
        InstapaperHtml, InstapaperTable, RaindropTable, GoogleSavedList, ExportZip,
    ];

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

    /// <summary>
    /// For what lies in no folder of one file of several: a list saved at Google has its name only as that of its file.
    /// </summary>
    public string BoardFor(string path, string defaultBoard) =>
        this == GoogleSavedList ? Path.GetFileNameWithoutExtension(path) : defaultBoard;

    /// <summary>Tells which of the formats that are <paramref name="expected"/> here the source is in.</summary>
    /// <exception cref="PinfoldException">
    /// Invalid: none of them; the message says what it is and what would be right.
    /// </exception>
    public static async Task<ImportFormat> DetectAsync(
        Stream source, IReadOnlyList<ImportFormat> expected, CancellationToken cancellation)
    {
        var head = await SourceHead.ReadAsync(source, cancellation);
        var (format, what) = FormatJudge.Judge(head);
        if (format == ImageZip && expected.Contains(ExportZip))
            (format, what) = await ExportArchive.JudgeAsync(source, expected.Contains(ImageZip), cancellation);
        if (format is not null && expected.Contains(format))
            return format;
        // What is in a zip archive is not known before it is opened.
        if (format is not null && format != ImageZip)
            throw new PinfoldException(ErrorKind.Invalid,
                $"This is {format.Name}; `pinfold import {format.Command}` reads it.");
        throw new PinfoldException(ErrorKind.Invalid, Refusal(head, format?.Name ?? what, expected));
    }

    /// <summary>Why a file that begins like this is nothing that is read; null where it may be.</summary>
    public static string? WhyUnread(SourceHead head) =>
        FormatJudge.Judge(head) is (null, var what) ? Refusal(head, what, All) : null;

    static string Refusal(SourceHead head, string what, IReadOnlyList<ImportFormat> expected) =>
        $"This is {what}. Expected here: {string.Join(", or ", expected.Select(f => f.Name))}."
        + Advice(head, expected);

    static string Advice(SourceHead head, IReadOnlyList<ImportFormat> expected) => head switch
    {
        { IsImage: true } => " Images are imported as a folder, or a zip archive of one.",
        { Binary: not null } when expected.Contains(NetscapeBookmarks) =>
            " In the browser's bookmark manager, choose to export as HTML.",
        _ => "",
    };

    static ImportFormat OfTable(string key, string name, CsvForm form) => new(key, name,
        (source, board, cancellation) => CsvExport.ReadAsync(form, source, board, cancellation));

    static ImportFormat OfLists(string key, string name, HeadedListForm form) => new(key, name,
        (source, board, cancellation) => HeadedListExport.ReadAsync(form, source, board, cancellation));
}
