using System.Runtime.CompilerServices;
using System.Text;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;

namespace Pinfold.Pinboard.Import.HeadedLists;

/// <summary>
/// Reads a page of lists: <c>h1</c> names what is in the <c>ul</c> or <c>ol</c> after it, and each <c>li</c> holds one
/// link.
/// </summary>
sealed class HeadedListExport : IHtmlReader
{
    readonly HeadedListForm _form;
    readonly RowMaker _rows = new();
    readonly FolderPaths _folders;
    readonly Queue<ImportRow> _ready = [];
    readonly StringBuilder _words = new();
    IReadOnlyList<string> _board = [];
    HtmlToken? _link;
    bool _isHeading;
    bool _isWhole;

    HeadedListExport(HeadedListForm form, string defaultBoard) =>
        (_form, _folders) = (form, new FolderPaths(defaultBoard));

    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        HeadedListForm form, Stream source, string defaultBoard,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var text = await SourceText.OpenAsync(source, cancellation);
        var export = new HeadedListExport(form, defaultBoard);
        await foreach (var _ in HtmlTokenizer.ReadAsync(text, form.Attributes, export, cancellation))
            while (export._ready.TryDequeue(out var row))
                yield return row;
    }

    /// <summary>In a title only what can end it: people write tags there, and they are text.</summary>
    bool IHtmlReader.IsMarkup(TagStart tag) => _link is null
        || (tag.Name, tag.IsEnd) is ("a", true) or ("li", _) or ("ul" or "ol" or "h1" or "body" or "html", _);

    void IHtmlReader.Take(HtmlToken token)
    {
        if (token.Kind == HtmlTokenKind.Text)
        {
            var room = _isHeading || _link is not null ? HtmlTokenizer.TextLengthMax - _words.Length : 0;
            _words.Append(token.Text.AsSpan(0, Math.Min(token.Text.Length, room)));
        }
        else if (token.Kind is HtmlTokenKind.CutOff or HtmlTokenKind.EndOfFile)
            End(token);
        else if (token.IsStart("h1"))
        {
            Finish();
            _isHeading = true;
        }
        else if (token.IsEnd("h1") && _isHeading)
            Head();
        else if (token.IsStart("a"))
        {
            Finish();
            _link = token;
        }
        else if (token.Name is "li" or "ul" or "ol" or "body" or "html" || token.IsEnd("a"))
        {
            Finish();
            _isWhole |= token.IsEnd("body") || token.IsEnd("html");
        }
    }

    void Head()
    {
        var heading = Text.OneLine(_words.ToString());
        _words.Clear();
        _isHeading = false;
        _board = heading.Length == 0 ? [] : [_form.Board(heading)];
    }

    void Finish()
    {
        if (_link is { } link)
        {
            var (home, place, _) = _folders.Get(_board);
            _ready.Enqueue(_rows.Link(
                home, place, _form.Entry(link) with { Title = _words.ToString(), Line = link.Line }));
        }
        _link = null;
        _isHeading = false;
        _words.Clear();
    }

    void End(HtmlToken token)
    {
        if (_isWhole)
            return;
        _isWhole = true;
        var lost = _link is not { } link ? ""
            : $" The entry that begins in line {link.Line} is not whole and was left out.";
        _link = null;
        _ready.Enqueue(_rows.Remark(
            "The end of the file",
            $"The file ends in line {token.Line}, before the page does: it was cut off.{lost} "
            + "What comes before was read; export it again for the rest.",
            token.Line));
    }
}
