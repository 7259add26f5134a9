using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Audit;
using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Pins;

/// <summary>Makes, changes and removes pins. Each write is one transaction on the owner's shard.</summary>
sealed class PinService(
    ShardedStore store, BoardCovers covers, PersonalBudgets budgets, AuditLog audit, TimeProvider time)
{
    /// <summary>The most pins that are made in one transaction.</summary>
    public const int PinsPerTransactionMax = 960 / PinLists.ChangesMax;

    /// <summary>Also to who was blocked, whom it does not tell so.</summary>
    const string CannotBeSaved = "This pin cannot be saved.";

    /// <summary>A pin if the viewer may see it; what they may not see is not there. Two objects, cached.</summary>
    public async Task<(Stored<Pin> Pin, Stored<Board> Board)> GetAsync(
        Viewer viewer, ObjectId<Pin> id, CancellationToken cancellation)
    {
        // Nobody can tell by the number of questions either: where there is no pin, a board is asked for too.
        var pin = await store.FindAsync(id, cancellation);
        var board = await store.FindAsync(pin?.Body.Board ?? Board.Beside(id), cancellation);
        return pin is not null && board is not null && Visibility.CanSee(viewer, pin.Body, board.Body)
            ? (pin, board)
            : throw NotThere.Pin();
    }

    /// <summary>A pin of the viewer's own; anybody else's that they may see is forbidden.</summary>
    public async Task<(Stored<Pin> Pin, Stored<Board> Board)> GetOwnAsync(
        Viewer viewer, ObjectId<Pin> id, CancellationToken cancellation)
    {
        var found = await GetAsync(viewer, id, cancellation);
        Visibility.RefuseUnlessOwner(viewer, found.Pin.Body.Owner);
        return found;
    }

    /// <summary>Makes one pin on one's own board.</summary>
    public async Task<ObjectId<Pin>> CreateAsync(ObjectId<User> owner, NewPin pin, CancellationToken cancellation) =>
        (await CreateManyAsync(owner, [pin], cancellation))[0];

    /// <summary>
    /// Makes pins together. One round trip, and the cache's for owner, boards and sections; two more if one of these
    /// was deleted and the cache did not know.
    /// </summary>
    /// <exception cref="PinfoldException">
    /// As <see cref="PinPlaces.RequireAsync"/>. Invalid: a text is too long, a link none.
    /// LimitExceeded, as a <see cref="BudgetException"/>: it is more than the owner may keep.
    /// </exception>
    public Task<IReadOnlyList<ObjectId<Pin>>> CreateManyAsync(
        ObjectId<User> owner, IReadOnlyList<NewPin> pins, CancellationToken cancellation) =>
        CreateManyAsync(owner, pins, owner, cancellation);

    /// <param name="owner">Of the board, and of the pins then.</param>
    /// <param name="pins">Which.</param>
    /// <param name="from">Whose pins they were: there is to be no block between the two.</param>
    /// <param name="cancellation">Ends the writing.</param>
    async Task<IReadOnlyList<ObjectId<Pin>>> CreateManyAsync(
        ObjectId<User> owner, IReadOnlyList<NewPin> pins, ObjectId<User> from, CancellationToken cancellation)
    {
        var user = await store.GetAsync(owner, cancellation);
        var places = new PinPlaces(store, owner);
        var blocks = new BlockCheck(store, owner, from, CannotBeSaved);
        using var room = await budgets.TakeAsync(owner, WeightOf(pins), cancellation);
        var made = await store.WriteAsync(owner.Shard, async (transaction, token) =>
        {
            await blocks.RequireNoneAsync(transaction, token);
            var boards = await places.RequireAsync(transaction, pins.Select(p => p.Place), token);
            var created = pins.Select(p => AddTo(transaction, owner, p, boards[p.Board])).ToList();
            transaction.Put(UserUsedBoards, owner, pins[^1].Board, time.GetUtcNow().ToUnixTimeMilliseconds());
            PageInvalidation.OfProfile(transaction, user.Body);
            return created;
        }, cancellation);
        room.Keep();
        return made.ConvertAll(pin => pin.Id);
    }

    /// <summary>
    /// Changes what a pin says and where it is; moving it keeps its place in time. A picture that could not be fetched
    /// is looked for at a new link. Tags stay as they are where null is given.
    /// </summary>
    public async Task UpdateAsync(
        Viewer viewer, ObjectId<Pin> id, string? title, string? description, string? link, bool isSecret,
            ObjectId<Board> board,
        ObjectId<Section> section, CancellationToken cancellation, IReadOnlyList<string>? tags = null)
    {
        var (seen, _) = await GetOwnAsync(viewer, id, cancellation);
        var (line, words, address) = (PinText.Title(title), PinText.Description(description), PinText.Link(link));
        var places = new PinPlaces(store, seen.Body.Owner);
        await store.WriteAsync(id.Shard, async (transaction, token) =>
        {
            var (found, from, owner) = await FindAsync(seen, token);
            var pin = found ?? throw NotThere.Pin();
            var changed = pin.Body with
            {
                Title = line,
                Description = words,
                Link = address,
                IsSecret = isSecret,
                Board = board,
                Section = section,
                Tags = tags is null ? pin.Body.Tags : tags.Count == 0 ? null : tags,
            };
            if (address is not null && address != pin.Body.Link
                && pin.Body.Picture is { State: PictureState.Failed, Hash: null, FetchFrom: not null })
                changed = changed with { Picture = PinPicture.ToFetch(address) };
            // Of another address; should it be the same, it is found again.
            if (address != pin.Body.Link && pin.Body.Icon is { } icon)
            {
                changed = changed with { Icon = null };
                transaction.Say(PinEvents.PictureReleased, id.Untyped, icon);
            }
            transaction.Update(pin with { Body = changed });
            if ((board, section, isSecret) != (pin.Body.Board, pin.Body.Section, pin.Body.IsSecret))
            {
                var boards = await places.RequireAsync(transaction, [(board, section)], token);
                PinLists.Move(transaction, id, pin.Body, changed, boards[board].IsSecret);
            }
            AwaitedPictures.Change(transaction, id, pin.Body, changed);
            if (changed.IsSecret || changed.Board != pin.Body.Board)
                await covers.TakeOffAsync(transaction, from, [pin], token);
            PageInvalidation.OfProfile(transaction, owner);
        }, cancellation);
    }

    /// <summary>
    /// Puts a pin that one may see on a board of one's own, as far as one may see it; its picture is shared, not
    /// copied. It keeps through which pins it came; a copy of one's own comes from where that came from.
    /// </summary>
    /// <exception cref="PinfoldException">Forbidden: there is a block between the two.</exception>
    public Task<ObjectId<Pin>> SaveAsync(
        Viewer viewer, ObjectId<Pin> id, ObjectId<Board> board, CancellationToken cancellation) =>
        SaveAsync(viewer, id, board, default, cancellation);

    /// <summary>As the other, into a section of that board.</summary>
    public async Task<ObjectId<Pin>> SaveAsync(
        Viewer viewer, ObjectId<Pin> id, ObjectId<Board> board, ObjectId<Section> section,
        CancellationToken cancellation)
    {
        var (pin, _) = await GetAsync(viewer, id, cancellation);
        var copy = new NewPin(board)
        {
            Section = section,
            Title = pin.Body.Title,
            Description = pin.Body.Description,
            Link = pin.Body.Link,
            Picture = pin.Body.Picture?.ForAnotherPin(pin.Body.Link),
            Icon = pin.Body.Icon,
            Origin = viewer.Is(pin.Body.Owner) ? pin.Body.Origin
                : PinOrigin.After(pin.Body.Origin, new PinStep(pin.Id, pin.Body.Owner)),
        };
        return (await CreateManyAsync(viewer.User, [copy], pin.Body.Owner, cancellation))[0];
    }

    /// <summary>
    /// Says before anything is made for it whether a pin can be saved. Two objects, cached, and one round trip.
    /// </summary>
    /// <exception cref="PinfoldException">As <see cref="GetAsync"/> and <c>SaveAsync</c>.</exception>
    public async Task RefuseUnlessSavableAsync(Viewer viewer, ObjectId<Pin> id, CancellationToken cancellation)
    {
        var (pin, _) = await GetAsync(viewer, id, cancellation);
        if (viewer.Is(pin.Body.Owner))
            return;
        var read = store.Read();
        var blocks = BlockFence.Ask(read, viewer.User, pin.Body.Owner);
        await read.ExecuteAsync(cancellation);
        BlockFence.Refuse(blocks, CannotBeSaved);
    }

    /// <summary>Has a failed picture fetched or made again.</summary>
    public async Task RetryPictureAsync(Viewer viewer, ObjectId<Pin> id, CancellationToken cancellation)
    {
        var (seen, _) = await GetOwnAsync(viewer, id, cancellation);
        await store.WriteAsync(id.Shard, async (transaction, token) =>
        {
            var (pin, _, owner) = await FindAsync(seen, token);
            if (pin is not { Body.Picture: { State: PictureState.Failed } picture })
                return;
            var again = picture with
            {
                State = PictureState.Waiting,
                Problem = null,
                FetchTries = 0,
                FetchAgainAt = null,
            };
            var changed = pin.Body with { Picture = again };
            transaction.Update(pin with { Body = changed });
            PinWeight.Change(transaction, id, pin.Body, changed);
            AwaitedPictures.Change(transaction, id, pin.Body, changed);
            PageInvalidation.OfProfile(transaction, owner);
        }, cancellation);
    }

    /// <summary>Deletes a pin; its picture's files follow when nothing else uses them.</summary>
    public async Task DeleteAsync(Viewer viewer, ObjectId<Pin> id, CancellationToken cancellation)
    {
        var (seen, _) = await GetOwnAsync(viewer, id, cancellation);
        await store.WriteAsync(id.Shard, async (transaction, token) =>
        {
            var (pin, board, owner) = await FindAsync(seen, token);
            if (pin is null)
                return;
            Delete(transaction, pin);
            await covers.TakeOffAsync(transaction, board, [pin], token);
            PageInvalidation.OfProfile(transaction, owner);
            await audit.AddAsync(
                transaction, seen.Body.Owner, AuditEvent.PinDeleted, $"{id}", cancellation: token);
        }, cancellation);
    }

    /// <summary>Deletes those of these pins that are on the board; one that was moved meanwhile stays.</summary>
    /// <param name="owner">Of all of them.</param>
    /// <param name="board">Which goes too.</param>
    /// <param name="ids">Which.</param>
    /// <param name="pinsToLog">As the audit log is to have it that the board goes; null where it has that.</param>
    /// <param name="cancellation">Of the request.</param>
    internal Task DeleteFromAsync(
        ObjectId<User> owner, ObjectId<Board> board, IReadOnlyList<ObjectId<Pin>> ids, long? pinsToLog,
        CancellationToken cancellation) =>
        store.WriteAsync(owner.Shard, async (transaction, token) =>
        {
            var read = store.Read();
            var (user, from) = (read.Find(owner), read.Find(board));
            var pins = ids.Select(read.Find).ToList();
            await read.ExecuteAsync(token);
            var there = pins.Select(p => p.Value).OfType<Stored<Pin>>().ToLookup(p => p.Body.Board == board);
            foreach (var id in ids.Except(there[true].Select(p => p.Id)))
            {
                transaction.Remove(BoardHasPins, board, id);
                transaction.Remove(BoardHasPublicPins, board, id);
            }
            foreach (var elsewhere in there[false])
                transaction.Require(elsewhere);
            foreach (var pin in there[true])
                Delete(transaction, pin);
            await covers.TakeOffAsync(transaction, from.Value, [.. there[true]], token);
            PageInvalidation.OfProfile(transaction, user.Value!.Body);
            if (pinsToLog is { } count)
                await audit.AddAsync(
                    transaction, owner, AuditEvent.BoardDeleted, $"{board}", count, cancellation: token);
        }, cancellation);

    /// <summary>
    /// A pin as it is now, with its board and owner, from the shard. One round trip; another if it was moved since.
    /// </summary>
    async Task<(Stored<Pin>? Pin, Stored<Board>? Board, User Owner)> FindAsync(
        Stored<Pin> seen, CancellationToken cancellation)
    {
        var read = store.Read();
        var (pin, board, owner) = (read.Find(seen.Id), read.Find(seen.Body.Board), read.Find(seen.Body.Owner));
        await read.ExecuteAsync(cancellation);
        return pin.Value is { } now && now.Body.Board != seen.Body.Board
            ? await FindAsync(now, cancellation)
            : (pin.Value, board.Value, owner.Value!.Body);
    }

    static void Delete(Transaction transaction, Stored<Pin> there)
    {
        var (id, pin) = (there.Id, there.Body);
        transaction.Delete(there);
        PinLists.Remove(transaction, id, pin);
        if (pin.Picture?.Hash is { } hash)
            transaction.Say(PinEvents.PictureReleased, id.Untyped, hash);
        if (pin.Icon is { } icon)
            transaction.Say(PinEvents.PictureReleased, id.Untyped, icon);
    }

    /// <summary>Adds a pin, and its places in lists, to a transaction on its owner's shard.</summary>
    internal NewObject<Pin> AddTo(Transaction transaction, ObjectId<User> owner, NewPin wanted, Board board)
    {
        var pin = ToPin(owner, wanted);
        var made = transaction.Create(pin);
        PinLists.Add(transaction, made, pin, board.IsSecret);
        return made;
    }

    internal static Usage WeightOf(IReadOnlyCollection<NewPin> pins) =>
        new(pins.Sum(p => p.Picture?.Bytes ?? 0), pins.Count);

    Pin ToPin(ObjectId<User> owner, NewPin wanted) => new(
        owner, wanted.Board, wanted.Section,
        PinText.Title(wanted.Title), PinText.Description(wanted.Description), PinText.Link(wanted.Link),
        wanted.IsSecret, wanted.CreatedAt ?? time.GetUtcNow(),
        wanted.Tags.Count == 0 ? null : wanted.Tags, wanted.Picture, wanted.ImportKey, wanted.Order)
    {
        Icon = wanted.Icon,
        Origin = wanted.Origin,
    };
}
