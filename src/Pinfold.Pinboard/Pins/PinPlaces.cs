using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Pins;

/// <summary>
/// The boards and sections on which pins are put, read with a batch. The commit holds them: no pin comes to be on a
/// board that is deleted in this moment, where nobody would find it.
/// </summary>
sealed class PinPlaces
{
    readonly Dictionary<ObjectId<Board>, Answer<Stored<Board>?>> _boards;
    readonly Dictionary<ObjectId<Section>, Answer<Stored<Section>?>> _sections;

    public PinPlaces(ReadBatch read, IReadOnlyCollection<(ObjectId<Board> Board, ObjectId<Section> Section)> places)
    {
        _boards = places.Select(p => p.Board).Distinct().ToDictionary(id => id, read.Find);
        _sections = places.Select(p => p.Section).Where(s => !s.IsNone).Distinct().ToDictionary(id => id, read.Find);
    }

    /// <summary>
    /// Has the commit fail when one of these places was changed or deleted since. The board that a pin is on already
    /// needs no holding: it would take the pin along.
    /// </summary>
    /// <exception cref="PinfoldException">
    /// NotFound: a board or section is not there. Forbidden: a board is somebody else's. Invalid: a section is another
    /// board's.
    /// </exception>
    public void Hold(
        Transaction transaction, ObjectId<User> owner,
        IEnumerable<(ObjectId<Board> Board, ObjectId<Section> Section)> places, ObjectId<Board> alreadyOn = default)
    {
        var (boards, sections) = (new HashSet<ObjectId<Board>>(), new HashSet<ObjectId<Section>>());
        foreach (var (board, section) in places)
        {
            if (boards.Add(board))
            {
                var there = _boards[board].Value
                    ?? throw new PinfoldException(ErrorKind.NotFound, "There is no such board.");
                Visibility.RefuseUnlessOwner(new Viewer(owner), there.Body.Owner);
                if (board != alreadyOn)
                    transaction.Hold(there);
            }
            if (section.IsNone)
                continue;
            var part = _sections[section].Value
                ?? throw new PinfoldException(ErrorKind.NotFound, "There is no such section any more.");
            if (part.Body.Board != board)
                throw new PinfoldException(
                    ErrorKind.Invalid, "This board has no such section; choose one of its own, or none.");
            if (sections.Add(section))
                transaction.Hold(part);
        }
    }
}
