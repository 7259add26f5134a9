using Pinfold.Pinboard.Boards;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import;

/// <summary>
/// The boards and sections that an import puts pins on: those of a folder's name, or that were made for it and renamed
/// since; made if there are none.
/// </summary>
sealed class BoardFinder(BoardService boards, ObjectId<User> owner)
{
    readonly Dictionary<string, ObjectId<Board>> _boards = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<(ObjectId<Board>, string), ObjectId<Section>> _sections = [];

    /// <summary>Boards made by this import.</summary>
    public int BoardsMade { get; private set; }

    /// <summary>Sections made by this import.</summary>
    public int SectionsMade { get; private set; }

    /// <param name="boardName">The folder's name.</param>
    /// <param name="sectionName">That of the folder in it, or null.</param>
    /// <param name="description">For a board that is made.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<(ObjectId<Board> Board, ObjectId<Section> Section)> GetAsync(
        string boardName, string? sectionName, string? description, CancellationToken cancellation)
    {
        if (!_boards.TryGetValue(boardName, out var board))
        {
            (board, var isNew) = await boards.GetOrCreateAsync(owner, boardName, description, cancellation);
            _boards[boardName] = board;
            BoardsMade += isNew ? 1 : 0;
        }
        if (sectionName is null)
            return (board, default);
        if (!_sections.TryGetValue((board, sectionName), out var section))
        {
            (section, var isNew) =
                await boards.GetOrCreateSectionAsync(board, sectionName, isImported: true, cancellation);
            _sections[(board, sectionName)] = section;
            SectionsMade += isNew ? 1 : 0;
        }
        return (board, section);
    }

    /// <summary>Looks again for all: one of them was deleted.</summary>
    public void Forget()
    {
        _boards.Clear();
        _sections.Clear();
    }
}
