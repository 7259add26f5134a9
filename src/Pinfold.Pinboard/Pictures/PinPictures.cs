using Pinfold.Pinboard.Budgets;
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
    public Task UpdateAsync(ObjectId<Pin> id, Func<Pin, PinPicture, Pin?> change, CancellationToken cancellation) =>
        store.WriteAsync(id.Shard, async (transaction, token) =>
        {
            if (await FindAsync(id, token) is not { Body.Picture: { } picture } pin
                || change(pin.Body, picture) is not { } changed)
                return;
            var read = store.Read();
            var (user, board) = (read.Find(changed.Owner), read.Find(changed.Board));
            await read.ExecuteAsync(token);
            transaction.Update(pin with { Body = changed });
            PinWeight.Change(transaction, id, pin.Body, changed);
            FetchAgain.Change(transaction, id, picture, changed.Picture);
            AwaitedPictures.Change(transaction, id, pin.Body, changed);
            if (changed.Picture is { State: PictureState.Ready } made && made.Hash != ShownHash(picture))
                transaction.Say(PinEvents.PictureTurned, id.Untyped);
            if (Cover.Of(id, changed) is { } cover && board.Value is { } on)
                transaction.Update(on with { Body = on.Body.WithCover(cover) });
            if (user.Value is { } owner)
                PageInvalidation.OfProfile(transaction, owner.Body);
        }, cancellation);

    /// <summary>
    /// Makes a ready picture a cover of its board: that of a new pin in any case, that of one that was moved here or is
    /// secret no more while there is room. Costs nothing when it is not to be one and the board is cached.
    /// </summary>
    public async Task OfferCoverAsync(Stored<Pin> pin, bool isNew, CancellationToken cancellation)
    {
        if (Cover.Of(pin.Id, pin.Body) is null
            || !IsToCover(pin.Id, await store.FindAsync(pin.Body.Board, cancellation), isNew))
            return;
        await store.WriteAsync(pin.Id.Shard, async (transaction, token) =>
        {
            var read = store.Read();
            var (found, board) = (read.Find(pin.Id), read.Find(pin.Body.Board));
            var user = read.Find(pin.Body.Owner);
            await read.ExecuteAsync(token);
            if (found.Value is not { } now || now.Body.Board != pin.Body.Board
                || Cover.Of(now.Id, now.Body) is not { } cover
                || board.Value is not { } on || !IsToCover(now.Id, on, isNew))
                return;
            // Were it made secret, moved or deleted meanwhile, this would be refused.
            transaction.Require(now);
            transaction.Update(on with { Body = on.Body.WithCover(cover) });
            if (user.Value is { } owner)
                PageInvalidation.OfProfile(transaction, owner.Body);
        }, cancellation);
    }

    static string? ShownHash(PinPicture picture) => picture.State == PictureState.Ready ? picture.Hash : null;

    static bool IsToCover(ObjectId<Pin> pin, Stored<Board>? board, bool isNew) =>
        board is not null && (board.Body.Covers ?? []) is var covers
        && (isNew || covers.Count < Board.CoversMax) && covers.All(cover => cover.Pin != pin);
}
