using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Pictures;

/// <summary>
/// Changes how far a pin's picture is; when it is ready it also becomes its board's cover, in the same transaction.
/// </summary>
sealed class PinPictures(ShardedStore store)
{
    /// <summary>The pin as its shard has it now, or null. One round trip, past the cache.</summary>
    public Task<Stored<Pin>?> FindAsync(ObjectId<Pin> id, CancellationToken cancellation) =>
        store.FindUncachedAsync(id, cancellation);

    /// <summary>
    /// Applies <paramref name="change"/> to the pin, again if somebody else changed it meanwhile. Nothing happens if
    /// the pin is gone or the change gives null.
    /// </summary>
    public async Task UpdateAsync(ObjectId<Pin> id, Func<Pin, PinPicture, Pin?> change, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(id, cancellation) is not { Body.Picture: { } picture } pin
                || change(pin.Body, picture) is not { } changed)
                return;
            var transaction = store.Begin(id.Shard);
            transaction.Update(id, changed, pin.Version);
            await AddOwnersAsync(transaction, id, changed, cancellation);
            if (await transaction.TryCommitAsync(attempt, cancellation))
                return;
        }
    }

    /// <summary>
    /// Makes a ready picture a cover while its board has room for one: that of a pin that was saved with its picture,
    /// moved here, or is secret no more. Costs nothing when the board is cached and full.
    /// </summary>
    public async Task OfferCoverAsync(Stored<Pin> pin, CancellationToken cancellation)
    {
        if (pin.Body is not { IsSecret: false, Picture: { State: PictureState.Ready } }
            || await store.FindAsync(pin.Body.Board, cancellation) is not { } board
            || board.Body.Covers is { } covers && (covers.Count >= Board.CoversMax || covers.Any(c => c.Pin == pin.Id)))
            return;
        // The pin changes too, though it stays as it is: were it made secret meanwhile, this would be refused.
        await UpdateAsync(
            pin.Id, (now, picture) => now.IsSecret || picture.State != PictureState.Ready ? null : now, cancellation);
    }

    async Task AddOwnersAsync(
        Transaction transaction, ObjectId<Pin> id, Pin pin, CancellationToken cancellation)
    {
        var read = store.Read();
        var (user, board) = (read.Find(pin.Owner), read.Find(pin.Board));
        await read.ExecuteAsync(cancellation);
        if (user.Value is { Body: var owner })
            ProfileKeys.Invalidate(transaction, owner);
        if (Cover.Of(id, pin) is { } cover && board.Value is { } on)
            transaction.Update(pin.Board, on.Body.WithCover(cover), on.Version);
    }
}
