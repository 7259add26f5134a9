using System.Runtime.CompilerServices;
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
    readonly RowMaker _rows = new();
    readonly FolderTree _folders;
    readonly Queue<ImportRow> _ready = [];
    readonly Dictionary<int, ChromeNode> _folderNodes = [];

    ChromeProfile(string defaultBoard) => _folders = new FolderTree(defaultBoard);

    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        Stream source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var profile = new ChromeProfile(defaultBoard);
        await profile.ReadFoldersAsync(source, cancellation);
        var tree = new ChromeTree(profile.Begin, profile.End);
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
        var tree = new ChromeTree(_ => { }, node =>
        {
            if (!node.IsFolder)
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

    void Begin(ChromeNode node)
    {
        if (!_folderNodes.TryGetValue(node.Ordinal, out var folder))
            return;
        var place = _folders.Child(folder.Name, folder.IsRoot);
        _folders.Open(place);
        _ready.Enqueue(_rows.Folder(place, Raw(folder)));
    }

    void End(ChromeNode node)
    {
        if (_folderNodes.ContainsKey(node.Ordinal))
            _folders.Close();
        else
            _ready.Enqueue(_rows.Link(_folders.Current, Raw(node)));
    }

    static RawEntry Raw(ChromeNode node) => new()
    {
        Url = node.Url,
        Title = node.Name,
        AddedAt = BookmarkDate.ParseWindowsMicroseconds(node.DateAdded),
    };

    static PinfoldException Damaged(string problem) => new(ErrorKind.Invalid,
        $"This Chrome bookmark file cannot be read. {problem} "
        + "Close the browser, copy the file again, or export the bookmarks as HTML.");
}
