using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Responses;

/// <summary>Where a saved pin came from, as far as the viewer may know. Null for what is gone.</summary>
/// <param name="Last">The pin that was saved.</param>
/// <param name="First">The pin from which all of it comes.</param>
/// <param name="IsDirect">Whether these two are one.</param>
sealed record ShownOrigin(OriginPlace? Last, OriginPlace? First, bool IsDirect);

/// <summary>A pin that the viewer may see, and where it is.</summary>
sealed record OriginPlace(ObjectId<Pin> Pin, Board Board, User Owner);

/// <summary>
/// Asks for the pins that a saved one came from, and then for their boards. Past the cache, and as much whether they
/// are deleted, secret, or of somebody with whom the viewer has a block: nothing tells which.
/// </summary>
sealed class OriginQuestion
{
    readonly PinOrigin _origin;
    readonly Answer<Stored<Pin>?> _first, _last;
    Answer<Stored<Board>?>? _firstBoard, _lastBoard;

    OriginQuestion(ReadBatch read, PinOrigin origin)
    {
        _origin = origin;
        (_first, _last) = (read.Find(origin.First.Pin), read.Find(origin.Last.Pin));
    }

    /// <summary>Null for a pin that was not saved from another.</summary>
    public static OriginQuestion? Ask(ReadBatch read, Pin pin) =>
        pin.Origin is { } origin ? new OriginQuestion(read, origin) : null;

    /// <summary>Whose they are, or were.</summary>
    public IReadOnlyList<ObjectId<User>> Owners => [_origin.First.Owner, _origin.Last.Owner];

    /// <summary>In another batch, once the first is executed.</summary>
    public void AskBoards(ReadBatch read)
    {
        _firstBoard = read.Find(_first.Value?.Body.Board ?? Board.Beside(_origin.First.Pin));
        _lastBoard = read.Find(_last.Value?.Body.Board ?? Board.Beside(_origin.Last.Pin));
    }

    /// <summary>Once that is executed, too.</summary>
    /// <param name="viewer">Who looks.</param>
    /// <param name="hidden">With whom they have a block.</param>
    /// <param name="people">Those of <see cref="Owners"/> who are there.</param>
    public ShownOrigin Answer(
        Viewer viewer, IReadOnlySet<ObjectId<User>> hidden, IReadOnlyDictionary<ObjectId<User>, User> people)
    {
        return new ShownOrigin(
            Place(_last.Value, _lastBoard!.Value), Place(_first.Value, _firstBoard!.Value),
            _origin.First.Pin == _origin.Last.Pin);

        OriginPlace? Place(Stored<Pin>? pin, Stored<Board>? board) =>
            pin is not null && board is not null && !hidden.Contains(pin.Body.Owner)
            && Visibility.CanSee(viewer, pin.Body, board.Body) && people.TryGetValue(pin.Body.Owner, out var owner)
                ? new OriginPlace(pin.Id, board.Body, owner) : null;
    }
}
