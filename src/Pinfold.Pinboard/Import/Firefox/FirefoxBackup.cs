using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Import.BookmarkTrees;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import.Firefox;

/// <summary>
/// The backup of Firefox's bookmarks, <c>.json</c> or packed as <c>.jsonlz4</c>: one tree from the root of all places
/// down. Older ones keep tags as folders of a tree of their own, so the file is read twice: for folders and tags, then
/// for the rows. Cut off or damaged, it is refused as a whole. (Mozilla's PlacesBackups and PlacesUtils.)
/// </summary>
sealed class FirefoxBackup
{
    const string Folder = "text/x-moz-place-container";
    const string Separator = "text/x-moz-place-separator";
    const string Description = "bookmarkProperties/description";
    const string Feed = "livemark/feedURI";

    static readonly FrozenSet<string> Wanted = FrozenSet.ToFrozenSet(
        ["title", "uri", "type", "dateAdded", "tags", "root", "guid", Description, Feed]);

    /// <summary>The top folders have these for titles where the browser shows others.</summary>
    static readonly Dictionary<string, string> TopFolders = new()
    {
        ["menu"] = "Bookmarks Menu",
        ["toolbar"] = "Bookmarks Toolbar",
        ["unfiled"] = "Other Bookmarks",
        ["mobile"] = "Mobile Bookmarks",
    };

    readonly RowMaker _rows = new();
    readonly FolderTree _folders;
    readonly Queue<ImportRow> _ready = [];
    readonly Dictionary<int, BookmarkNode> _folderNodes = [];
    readonly Dictionary<string, List<string>> _tags = [];

    /// <summary>The folders that are open, from the root down.</summary>
    readonly Stack<BookmarkNode> _path = new();

    FirefoxBackup(string defaultBoard) => _folders = new FolderTree(defaultBoard);

    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        Stream source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var json = await MozLz4Stream.OpenAsync(source, cancellation);
        var backup = new FirefoxBackup(defaultBoard);
        await backup.ReadFoldersAsync(json, cancellation);
        var tree = new BookmarkTree(null, Wanted, backup.Begin, backup.End);
        await foreach (var problem in JsonTokens.ReadAsync(json, tree.Take, cancellation))
        {
            while (backup._ready.TryDequeue(out var row))
                yield return row;
            if (problem is not null)
                throw Damaged(problem);
        }
    }

    async Task ReadFoldersAsync(Stream json, CancellationToken cancellation)
    {
        // A folder is known by its children, and its name only where it ends: what is tagged by it waits for that.
        var open = new Stack<(BookmarkNode Node, List<string> Links)>();
        var tree = new BookmarkTree(null, Wanted, node => open.Push((node, [])), node =>
        {
            var (_, links) = open.Pop();
            if (node["type"] == Folder)
                Keep(node);
            else if (node["uri"] is { } link && open.Any(folder => IsTags(folder.Node)))
                open.Peek().Links.Add(link);
            if (node["title"] is { } tag)
                foreach (var link in links)
                    Tag(link, tag);
        });
        await foreach (var problem in JsonTokens.ReadAsync(json, tree.Take, cancellation))
            if (problem is not null)
                throw Damaged(problem);
        if (_folderNodes.Count == 0)
            throw Damaged("It has no folders in it.");
    }

    void Keep(BookmarkNode folder)
    {
        if (_folderNodes.Count == ImportLimits.RowsMax)
            throw new PinfoldException(ErrorKind.LimitExceeded,
                $"There are more than {ImportLimits.RowsMax:N0} folders, the most that one import reads.");
        _folderNodes[folder.Ordinal] = folder;
    }

    void Tag(string link, string tag)
    {
        if (!_tags.TryGetValue(link, out var tags))
            _tags[link] = tags = [];
        if (tags.Count < ImportLimits.TagsMax)
            tags.Add(tag);
    }

    void Begin(BookmarkNode node)
    {
        if (!_folderNodes.TryGetValue(node.Ordinal, out var folder))
            return;
        _path.Push(folder);
        if (IsPassedOver || folder.Depth == 0)
            return;
        var name = folder.Depth == 1 ? TopFolders.GetValueOrDefault(folder["title"] ?? "", folder["title"] ?? "")
            : folder["title"];
        var place = _folders.Child(name, isWrapper: folder.Depth == 1);
        _folders.Open(place);
        _ready.Enqueue(_rows.Folder(place, Raw(folder) with { Title = name }));
    }

    void End(BookmarkNode node)
    {
        if (_folderNodes.ContainsKey(node.Ordinal))
        {
            if (!IsPassedOver && node.Depth > 0)
                _folders.Close();
            else if (node[Feed] is { } feed)
                _ready.Enqueue(_rows.Remark(
                    node["title"] ?? feed,
                    "It is a live bookmark, a feed that Firefox no longer reads; it was skipped."));
            _path.Pop();
        }
        else if (!IsPassedOver && node["type"] != Separator && (node["uri"] is not null || node["type"] is not null))
            _ready.Enqueue(_rows.Link(_folders.Current, Raw(node)));
    }

    /// <summary>Tags are said with what they tag; a feed's own entries are not bookmarks.</summary>
    bool IsPassedOver => _path.Any(folder => IsTags(folder) || folder[Feed] is not null);

    RawEntry Raw(BookmarkNode node) => new()
    {
        Url = node["uri"],
        Title = node["title"],
        Description = node[Description],
        Tags = [
            .. node["tags"]?.Split(',') ?? [],
            .. node["uri"] is { } link ? _tags.GetValueOrDefault(link, []) : [],
        ],
        Time = BookmarkDate.Parse(node["dateAdded"]),
    };

    static bool IsTags(BookmarkNode folder) => folder["root"] == "tagsFolder" || folder["guid"] == "tags________";

    static PinfoldException Damaged(string problem) => new(ErrorKind.Invalid,
        $"This backup of Firefox cannot be read. {problem} Make another one, or export the bookmarks as HTML.");
}
