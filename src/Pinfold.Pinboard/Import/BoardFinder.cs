using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import;

/// <summary>The boards and sections that an import puts pins on: those of that name, made if there are none.</summary>
sealed class BoardFinder(ShardedStore store, BoardService boards, ObjectId<User> owner)
{
    readonly Dictionary<string, ObjectId<Board>> _boards = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<(ObjectId<Board>, string), ObjectId<Section>> _sections = [];
    readonly HashSet<ObjectId<Board>> _known = [];
    bool _isLoaded;

    /// <summary>Boards made by this import.</summary>
    public int BoardsMade { get; private set; }

    /// <summary>Sections made by this import.</summary>
    public int SectionsMade { get; private set; }

    public async Task<(ObjectId<Board> Board, ObjectId<Section> Section)> GetAsync(
        string boardName, string? sectionName, CancellationToken cancellation)
    {
        await LoadAsync(cancellation);
        if (!_boards.TryGetValue(boardName, out var board))
        {
            _boards[boardName] = board =
                await boards.CreateAsync(owner, boardName, null, isSecret: false, cancellation);
            _known.Add(board);
            BoardsMade++;
        }
        return sectionName is null ? (board, default) : (board, await SectionAsync(board, sectionName, cancellation));
    }

    async Task<ObjectId<Section>> SectionAsync(ObjectId<Board> board, string name, CancellationToken cancellation)
    {
        if (_known.Add(board))
            foreach (var there in await boards.ListSectionsAsync(board, cancellation))
                _sections.TryAdd((board, there.Body.Name), there.Id);
        if (_sections.TryGetValue((board, name), out var section))
            return section;
        _sections[(board, name)] = section = await boards.GetOrCreateSectionAsync(board, name, cancellation);
        SectionsMade++;
        return section;
    }

    async Task LoadAsync(CancellationToken cancellation)
    {
        if (_isLoaded)
            return;
        var entries = await boards.ListAsync(owner, cancellation);
        foreach (var board in await store.FindManyAsync([.. entries.Select(e => e.To)], cancellation))
            if (board is not null)
                _boards.TryAdd(board.Body.Name, board.Id);
        _isLoaded = true;
    }
}
