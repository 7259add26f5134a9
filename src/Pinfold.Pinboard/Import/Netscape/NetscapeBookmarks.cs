using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;

namespace Pinfold.Pinboard.Import.Netscape;

/// <summary>
/// The bookmark file of browsers and bookmark services: a tag soup in which <c>H3</c> names a folder, the <c>DL</c>
/// after it holds its entries, <c>A</c> is an entry and <c>DD</c> a text about the one before it. (There is no
/// standard; Microsoft's "Netscape Bookmark File Format", aa753582, and what exporters do.)
/// </summary>
sealed class NetscapeBookmarks
{
    static readonly FrozenSet<string> Attributes = FrozenSet.ToFrozenSet(
        ["href", "add_date", "private", "tags", "data-cover", "personal_toolbar_folder", "unfiled_bookmarks_folder"]);

    readonly RowMaker _rows = new();
    readonly FolderTree _folders;
    readonly Queue<ImportRow> _ready = [];
    readonly StringBuilder _words = new();
    Entry? _entry;
    Place? _folderToOpen;
    Inside _inside;

    NetscapeBookmarks(string defaultBoard) => _folders = new FolderTree(defaultBoard);

    /// <summary>The text that is being read.</summary>
    enum Inside
    {
        /// <summary>None that matters.</summary>
        Nothing,

        /// <summary>An entry's title or a folder's name.</summary>
        Title,

        /// <summary>What was written about the entry or folder before it.</summary>
        Description,
    }

    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        Stream source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var text = await SourceText.OpenAsync(source, cancellation);
        await foreach (var row in ReadAsync(text, defaultBoard, cancellation))
            yield return row;
    }

    internal static async IAsyncEnumerable<ImportRow> ReadAsync(
        TextReader source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var bookmarks = new NetscapeBookmarks(defaultBoard);
        await foreach (var token in HtmlTokenizer.ReadAsync(source, Attributes, cancellation))
        {
            bookmarks.Take(token);
            while (bookmarks._ready.TryDequeue(out var row))
                yield return row;
        }
    }

    void Take(HtmlToken token)
    {
        switch (token.Kind)
        {
            case HtmlTokenKind.Text when _inside != Inside.Nothing:
                Append(token.Text);
                break;
            case HtmlTokenKind.Start:
                TakeStart(token);
                break;
            case HtmlTokenKind.End:
                TakeEnd(token.Name);
                break;
            case HtmlTokenKind.CutOff:
                CutOff("in the middle of a tag", token.Line);
                break;
            case HtmlTokenKind.EndOfFile:
                EndOfFile(token.Line);
                break;
        }
    }

    void TakeStart(HtmlToken tag)
    {
        switch (tag.Name)
        {
            // Old files have anchors in the names of folders.
            case "a" when _entry is { IsFolder: true } && _inside == Inside.Title:
                break;
            case "a":
                Begin(new Entry(tag, IsFolder: false));
                break;
            case "h3":
                Begin(new Entry(tag, IsFolder: true));
                break;
            case "dd" when _entry is not null:
                KeepWords();
                _inside = Inside.Description;
                break;
            case "br" or "p" when _inside == Inside.Description:
                Append("\n");
                break;
            case "dl":
                Finish();
                _folders.Open(_folderToOpen);
                _folderToOpen = null;
                break;
            case "dt" or "hr" or "h1":
                Finish();
                break;
        }
    }

    void TakeEnd(string name)
    {
        switch (name)
        {
            case "a" when _inside == Inside.Title && !_entry!.IsFolder:
            case "h3" when _inside == Inside.Title && _entry!.IsFolder:
            case "dd" or "dt":
                KeepWords();
                break;
            case "dl":
                Finish();
                _folderToOpen = null;
                _folders.Close();
                break;
            case "body" or "html":
                Finish();
                break;
        }
    }

    void Begin(Entry entry)
    {
        Finish();
        _entry = entry;
        _inside = Inside.Title;
    }

    void Append(string words) =>
        _words.Append(words.AsSpan(0, Math.Min(words.Length, HtmlTokenizer.TextLengthMax - _words.Length)));

    void KeepWords()
    {
        if (_inside == Inside.Title)
            _entry!.Title = _words.ToString();
        else if (_inside == Inside.Description)
            _entry!.Description = _words.ToString();
        _words.Clear();
        _inside = Inside.Nothing;
    }

    /// <summary>Nothing more can belong to the entry: it becomes a row.</summary>
    void Finish()
    {
        if (_entry is not { } entry)
            return;
        KeepWords();
        _entry = null;
        if (!entry.IsFolder)
        {
            _ready.Enqueue(_rows.Link(_folders.Current, entry.ToRaw()));
            return;
        }
        _folderToOpen = _folders.Child(entry.Title, entry.IsWrapper);
        _ready.Enqueue(_rows.Folder(_folderToOpen, entry.ToRaw()));
    }

    void EndOfFile(long line)
    {
        // A last text that no tag ends may be half of itself, unless the lists were all closed before it.
        if (_inside == Inside.Title || (_inside == Inside.Description && _folders.IsInside))
            CutOff("in the middle of an entry", line);
        else if (_folders.IsInside)
            CutOff("before its lists are closed", line);
        else
            Finish();
    }

    void CutOff(string where, long line)
    {
        var lost = "";
        if (_inside == Inside.Nothing)
            Finish();
        else
        {
            lost = $" The entry that begins in line {_entry!.Tag.Line} is not whole and was left out.";
            KeepWords();
            _entry = null;
        }
        while (_folders.IsInside)
            _folders.Close();
        _ready.Enqueue(_rows.Remark(
            "The end of the file",
            $"The file ends {where}, in line {line}: it was cut off.{lost} What comes before was read; "
            + "export it again for the rest.",
            line));
    }

    sealed record Entry(HtmlToken Tag, bool IsFolder)
    {
        public string? Title { get; set; }

        public string? Description { get; set; }

        public bool IsWrapper => IsTrue(Tag["personal_toolbar_folder"]) || IsTrue(Tag["unfiled_bookmarks_folder"]);

        public RawEntry ToRaw() => new()
        {
            Url = Tag["href"],
            Title = Title,
            Description = Description,
            Tags = TagText.Split(Tag["tags"]),
            AddedAt = BookmarkDate.Parse(Tag["add_date"]),
            Secret = IsTrue(Tag["private"]),
            PictureAddress = Tag["data-cover"] is { Length: > 0 } cover ? cover : null,
            Line = Tag.Line,
        };

        static bool IsTrue(string? value) =>
            value is "1" || string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);
    }
}
