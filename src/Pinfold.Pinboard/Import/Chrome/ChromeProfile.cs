using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Import.BookmarkTrees;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import.Chrome;

/// <summary>
/// The file <c>Bookmarks</c> in a profile of Chrome and its kin. A folder's name comes after what is in it, so the
/// file is read twice: for the names, then for the rows. Cut off or damaged, it is refused as a whole.
/// </summary>
sealed class ChromeProfile
{
    static readonly FrozenSet<string> Wanted = FrozenSet.ToFrozenSet(["name", "url", "type", "date_added"]);

    readonly RowMaker _rows = new();
    readonly FolderTree _folders;
    readonly Queue<ImportRow> _ready = [];
    readonly Dictionary<int, BookmarkNode> _folderNodes = [];

    ChromeProfile(string defaultBoard) => _folders = new FolderTree(defaultBoard);

    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        Stream source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var profile = new ChromeProfile(defaultBoard);
        await profile.ReadFoldersAsync(source, cancellation);
        var tree = new BookmarkTree("roots", Wanted, profile.Begin, profile.End);
        await foreach (var problem in JsonTokens.ReadAsync(source, tree.Take, cancellation))
        {
            while (profile._ready.TryDequeue(out var row))
                yield return row;
            if (problem is not null)
                throw Damaged(problem);
        }
    }

    async Task ReadFoldersAsync(Stream source, CancellationToken cancellation)
    {
        var tree = new BookmarkTree("roots", Wanted, _ => { }, node =>
        {
            if (node["type"] is not ("folder" or null) || (node["type"] is null && node["url"] is not null))
                return;
            if (_folderNodes.Count == ImportLimits.RowsMax)
                throw new PinfoldException(ErrorKind.LimitExceeded,
                    $"There are more than {ImportLimits.RowsMax:N0} folders, the most that one import reads.");
            _folderNodes[node.Ordinal] = node;
        });
        await foreach (var problem in JsonTokens.ReadAsync(source, tree.Take, cancellation))
            if (problem is not null)
                throw Damaged(problem);
        if (tree.RootCount == 0)
            throw Damaged("It has no “roots” with folders in them.");
    }

    void Begin(BookmarkNode node)
    {
        if (!_folderNodes.TryGetValue(node.Ordinal, out var folder))
            return;
        var place = _folders.Child(folder["name"], isWrapper: folder.Depth == 0);
        _folders.Open(place);
        _ready.Enqueue(_rows.Folder(place, Raw(folder)));
    }

    void End(BookmarkNode node)
    {
        if (_folderNodes.ContainsKey(node.Ordinal))
            _folders.Close();
        else
            _ready.Enqueue(_rows.Link(_folders.Current, Raw(node)));
    }

    static RawEntry Raw(BookmarkNode node) => new()
    {
        Url = node["url"],
        Title = node["name"],
        Time = BookmarkDate.ParseWindowsMicroseconds(node["date_added"]),
    };

    static PinfoldException Damaged(string problem) => new(ErrorKind.Invalid,
        $"This Chrome bookmark file cannot be read. {problem} "
        + "Close the browser, copy the file again, or export the bookmarks as HTML.");
}
