using AngleSharp.Html.Parser.Tokens;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Where in a page its reader is, as far as that can be told without a tree: in a drawing or a formula, in a template,
/// in what is only for browsers without scripts, in the head.
/// </summary>
/// <remarks>
/// HTML standard, "the rules for parsing tokens in foreign content" and the insertion modes of the head.
/// </remarks>
internal sealed class PagePlace
{
    const int DepthMax = 100;

    // Start tags that end any drawing they stand in: whoever wrote them forgot to.
    static readonly HashSet<string> Breakouts =
    [
        "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed", "h1", "h2",
        "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p", "pre",
        "ruby", "s", "small", "span", "strong", "strike", "sub", "sup", "table", "tt", "u", "ul", "var",
    ];

    // Within these elements of drawings and formulas stands HTML again.
    static readonly HashSet<string> Islands =
        ["foreignobject", "desc", "title", "annotation-xml", "mi", "mo", "mn", "ms", "mtext"];

    static readonly HashSet<string> OfHead =
    [
        "html", "head", "body", "base", "basefont", "bgsound", "link", "meta", "title", "style", "script", "noscript",
        "noframes", "template",
    ];

    readonly List<(string Name, bool IsForeign)> _open = [];
    int _templates;
    int _noScripts;
    bool _isPastHead;

    /// <summary>
    /// Directly in SVG or MathML, where a title is not the page's, and style and script are elements as any.
    /// </summary>
    public bool IsForeign => _open.Count > 0 && _open[^1].IsForeign;

    /// <summary>In a template: not part of the page.</summary>
    public bool IsInert => _templates > 0;

    /// <summary>Before anything that is shown, and in what holds with scripts too.</summary>
    public bool IsHead => !_isPastHead && _noScripts == 0;

    /// <summary>True for an element of HTML.</summary>
    public bool Open(HtmlTagToken tag)
    {
        var name = tag.Name.ToLowerInvariant();
        while (IsForeign && Breakouts.Contains(name))
            _open.RemoveAt(_open.Count - 1);
        _isPastHead |= !OfHead.Contains(name);
        var isForeign = IsForeign || name is "svg" or "math";
        if (!isForeign)
            Count(name, 1);
        else if (_open.Count < DepthMax && !tag.IsSelfClosing && (name is "svg" or "math" || Islands.Contains(name)))
            _open.Add((name, name is "svg" or "math"));
        return !isForeign;
    }

    public void Close(string tag)
    {
        var name = tag.ToLowerInvariant();
        var at = _open.FindLastIndex(element => element.Name == name);
        if (at >= 0)
            _open.RemoveRange(at, _open.Count - at);
        else if (!IsForeign)
            Count(name, -1);
    }

    void Count(string name, int change)
    {
        if (name == "template")
            _templates = Math.Max(0, _templates + change);
        else if (name == "noscript")
            _noScripts = Math.Max(0, _noScripts + change);
    }
}
