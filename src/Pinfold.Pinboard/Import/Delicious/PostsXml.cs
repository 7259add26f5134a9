using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;

namespace Pinfold.Pinboard.Import.Delicious;

/// <summary>
/// What the API of Delicious gave for <c>posts/all</c>, and pinboard.in exports as XML: <c>post</c> elements in
/// <c>posts</c>, all in attributes; the title is <c>description</c>, the description <c>extended</c>.
/// </summary>
sealed class PostsXml : IHtmlReader
{
    static readonly FrozenSet<string> Attributes = FrozenSet.ToFrozenSet(
        ["href", "description", "extended", "tag", "tags", "time", "shared", "private"]);

    readonly RowMaker _rows = new();
    readonly Place _place;
    readonly Queue<ImportRow> _ready = [];
    bool _isWhole;

    PostsXml(string defaultBoard) => _place = new FolderTree(defaultBoard).Current;

    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        Stream source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var text = await SourceText.OpenAsync(source, cancellation);
        var posts = new PostsXml(defaultBoard);
        await foreach (var _ in HtmlTokenizer.ReadAsync(text, Attributes, posts, cancellation))
            while (posts._ready.TryDequeue(out var row))
                yield return row;
    }

    bool IHtmlReader.IsMarkup(TagStart tag) => true;

    void IHtmlReader.Take(HtmlToken token)
    {
        if (token.IsStart("post"))
            _ready.Enqueue(_rows.Link(_place, ToRaw(token)));
        else if (token.IsEnd("posts"))
            _isWhole = true;
        else if (token.Kind == HtmlTokenKind.EndOfFile && !_isWhole)
            _ready.Enqueue(_rows.CutOff($"It ends too early, in line {token.Line}: it was cut off."));
    }

    static RawEntry ToRaw(HtmlToken post) => new()
    {
        Url = post["href"],
        Title = post["description"],
        Description = post["extended"],
        Tags = TagText.SplitAtBlanks(post["tag"] ?? post["tags"] ?? ""),
        Time = BookmarkDate.Parse(post["time"]),
        Secret = post["shared"] is "no" or "0" or "false"
            || post["private"] is not (null or "" or "0" or "false" or "no"),
        Line = post.Line,
    };
}
