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
sealed class NetscapeBookmarks : IHtmlReader
{
    static readonly FrozenSet<string> Attributes = FrozenSet.ToFrozenSet([
        "href", "add_date", "private", "tags", "description", "data-cover", "personal_toolbar_folder",
        "unfiled_bookmarks_folder"]);

    readonly RowMaker _rows = new();
    readonly FolderTree _folders;
    readonly Queue<ImportRow> _ready = [];
    readonly StringBuilder _words = new();
    NetscapeEntry? _entry;
    Place? _folderToOpen;
    Inside _inside;

    /// <summary>A tag in a text that waits for what follows it, and the blanks after it.</summary>
    HtmlToken? _held;

    string _heldBlanks = "";

    /// <summary>Entries of this file begin with <c>DT</c>, as they should.</summary>
    bool _usesDt;

    NetscapeBookmarks(string defaultBoard) => _folders = new FolderTree(defaultBoard);

    /// <summary>The text that is being read.</summary>
    enum Inside
    {
        /// <summary>None that matters.</summary>
        Nothing,

        /// <summary>An entry's title or a folder's name.</summary>
        Title,

        /// <summary>
        /// After <c>&lt;/a&gt;</c>, until the line ends: still the title if another one comes.
        /// </summary>
        AfterTitle,

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
        await foreach (var _ in HtmlTokenizer.ReadAsync(source, Attributes, bookmarks, cancellation))
            while (bookmarks._ready.TryDequeue(out var row))
                yield return row;
    }

    bool IHtmlReader.IsMarkup(TagStart tag) => _inside switch
    {
        Inside.Title or Inside.Description when _held is not null && NetscapeMarkup.FollowsMarkup(tag) => true,
        Inside.Title => NetscapeMarkup.IsMarkupInTitle(
            tag, _entry!, isAtStart: string.IsNullOrWhiteSpace(_words.ToString()), BeginsEntry(tag)),
        Inside.AfterTitle => NetscapeMarkup.IsMarkupAfterTitle(tag),
        Inside.Description => NetscapeMarkup.IsMarkupInDescription(tag, BeginsEntry(tag)),
        _ => true,
    };

    bool BeginsEntry(TagStart tag) => _held?.IsStart("dt") == true || (!_usesDt && tag.IsLineStart);

    void IHtmlReader.Take(HtmlToken token)
    {
        if (_held is { } held)
        {
            if (token.Kind == HtmlTokenKind.Text && string.IsNullOrWhiteSpace(token.Text))
            {
                _heldBlanks += token.Text;
                return;
            }
            _held = null;
            if (NetscapeMarkup.IsOfFile(held, _entry!, token))
                Take(held);
            else
                Append(held.Raw + _heldBlanks);
        }
        if (_inside is Inside.Title or Inside.Description && NetscapeMarkup.DependsOnNext(token, _entry!))
            (_held, _heldBlanks) = (token, "");
        else
            Take(token);
    }

    void Take(HtmlToken token)
    {
        switch (token.Kind)
        {
            case HtmlTokenKind.Text:
                TakeText(token.Text);
                break;
            case HtmlTokenKind.Start:
                TakeStart(token);
                break;
            case HtmlTokenKind.End:
                TakeEnd(token);
                break;
            case HtmlTokenKind.CutOff:
                CutOff("in the middle of a tag", token.Line);
                break;
            case HtmlTokenKind.EndOfFile:
                EndOfFile(token.Line);
                break;
        }
    }

    void TakeText(string text)
    {
        if (_inside == Inside.AfterTitle && text.Contains('\n'))
            EndText();
        else if (_inside != Inside.Nothing)
            Append(text);
    }

    void TakeStart(HtmlToken tag)
    {
        switch (tag.Name)
        {
            case "a" when _entry is { IsFolder: true } && _inside == Inside.Title:
                _entry.HasAnchor = true;
                break;
            case "a" when _inside == Inside.AfterTitle && tag["href"] is null:
                Append(tag.Raw);
                break;
            case "a" or "h3":
                Finish();
                (_entry, _inside) = (new NetscapeEntry(tag, IsFolder: tag.Name == "h3"), Inside.Title);
                break;
            case "dd" when _inside == Inside.Description:
                Append(_words is { Length: > 0 } && _words[^1] == '\n' ? "" : "\n");
                break;
            case "dd" when _entry is not null:
                EndText();
                _inside = Inside.Description;
                break;
            case "br" or "p" when _inside == Inside.Description:
                Append(IsWithinSentence(tag) ? tag.Raw : "\n");
                break;
            case "p" when _inside == Inside.Title:
                Append(tag.Raw);
                break;
            case "dl":
                Finish();
                _folders.Open(_folderToOpen);
                _folderToOpen = null;
                break;
            case "dt" or "hr" or "h1":
                _usesDt |= tag.Name == "dt";
                Finish();
                break;
        }
    }

    void TakeEnd(HtmlToken tag)
    {
        switch (tag.Name)
        {
            case "a" when _inside == Inside.Title && !_entry!.IsFolder:
                EndText();
                _inside = Inside.AfterTitle;
                _words.Append(tag.Raw);
                break;
            case "a" when _inside == Inside.AfterTitle:
                EndTitleAgain(tag);
                break;
            case "h3" when _inside == Inside.Title:
            case "dd" or "dt":
                EndText();
                break;
            case "p" when _inside is Inside.Title or Inside.Description:
                Append(_inside == Inside.Title ? tag.Raw : "\n");
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

    /// <summary>A title with <c>&lt;/a&gt;</c> in it goes on up to the last one of its line.</summary>
    void EndTitleAgain(HtmlToken tag)
    {
        var words = _words.ToString();
        if (!string.IsNullOrWhiteSpace(words[(words.IndexOf('>') + 1)..]))
            _entry!.Title += words;
        _words.Clear().Append(tag.Raw);
    }

    /// <summary>"The &lt;p&gt; element" speaks of it; a paragraph is not begun with blanks around.</summary>
    bool IsWithinSentence(HtmlToken tag) => tag.Name == "p" && !tag.IsLineStart && _words is { Length: > 0 }
        && _words[^1] is ' ' or '\t';

    void Append(string words) =>
        _words.Append(words.AsSpan(0, Math.Min(words.Length, HtmlTokenizer.TextLengthMax - _words.Length)));

    void EndText()
    {
        if (_inside == Inside.Title)
            _entry!.Title = _words.ToString();
        else if (_inside == Inside.Description)
            _entry!.Description = _entry.Description is { } before ? $"{before}\n{_words}" : _words.ToString();
        _words.Clear();
        _inside = Inside.Nothing;
    }

    /// <summary>Nothing more can belong to the entry: it becomes a row.</summary>
    void Finish()
    {
        if (_entry is not { } entry)
            return;
        EndText();
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
        if (_inside is Inside.Nothing or Inside.AfterTitle)
            Finish();
        else
        {
            lost = $" The entry that begins in line {_entry!.Tag.Line} is not whole and was left out.";
            EndText();
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
}
