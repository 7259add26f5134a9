using Pinfold.Pinboard.Images;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Pinboard.Pictures;

/// <summary>
/// Counts who uses a picture or an icon, and makes those ready pictures covers that came with their pins. Makes a
/// picture anew whose pin waits though its file is there; if that fails, the pin says why, and it is not tried again by
/// itself.
/// </summary>
/// <remarks>
/// Pictures of one shard are handled side by side, so that their people take turns. What concerns one pin stays in
/// order: its uses are counted as they came. What concerns two pins with one picture does not matter in which order.
/// </remarks>
sealed class PictureFollower(
    PinPictures pins, ImageFiles files, ImageRenderer renderer, FairTurns turns, PictureUses uses)
    : IConcurrentFollower, IDisposable
{
    public const string FollowerName = "pictures";

    /// <summary>So many transactions of a shard have their people take turns; one picture is rendered at a time.
    /// </summary>
    const int InFlightOfAShardMax = 1000;

    /// <summary>
    /// While one person's pictures wait, the oldest of them holds the cursor, and all that others do comes behind it;
    /// to look at it again after a crash costs little.
    /// </summary>
    const int AheadOfCursorMax = 20_000;

    /// <summary>How many ask the databases at once; all others of those in flight wait, or are rendered.</summary>
    const int AskingMax = 32;

    readonly SemaphoreSlim _asking = new(AskingMax, AskingMax);

    public string Name => FollowerName;

    public FollowerInterests Interests { get; } =
        new() { Types = [Pin.Type], Events = [PinEvents.PictureReleased] };

    public int TransactionsOfAShardAtOnceMax => InFlightOfAShardMax;

    public int? CursorTransactionsMax => AheadOfCursorMax;

    public async ValueTask HandleAsync(
        JournalTransaction transaction, FollowerPause pause, CancellationToken cancellation)
    {
        foreach (var entry in transaction.Entries)
            switch (entry)
            {
                case { Kind: JournalEntryKind.Created } when entry.Id.Type == Pin.Type.Number:
                    await MakeAsync(Pin.Type.Id(entry.Id), isNew: true, pause, cancellation);
                    break;
                case { Kind: JournalEntryKind.Updated } when entry.Id.Type == Pin.Type.Number:
                    await MakeAsync(Pin.Type.Id(entry.Id), isNew: false, pause, cancellation);
                    break;
                case { Kind: JournalEntryKind.Event, Name: PinEvents.PictureReleased, Payload: { } hash }:
                    using (await AskAsync(pause))
                        await uses.RemoveAsync(hash, Pin.Type.Id(entry.Id), cancellation);
                    break;
            }
    }

    public void Dispose() => _asking.Dispose();

    async Task MakeAsync(ObjectId<Pin> id, bool isNew, FollowerPause pause, CancellationToken cancellation)
    {
        if (await FindWaitingAsync(id, isNew, pause, cancellation) is not { Picture.Hash: { } hash } pin)
            return;
        Func<PinPicture, PinPicture> change;
        try
        {
            change = (await RenderAsync(pin.Owner, ContentHash.Parse(hash), pause, cancellation)).ToReady;
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.Invalid or ErrorKind.LimitExceeded or ErrorKind.NotFound)
        {
            change = picture => picture with { State = PictureState.Failed, Problem = e.Message };
        }

        // Outside: that a shard takes no more, say, is nothing that is wrong with the picture.
        await ChangeAsync(id, hash, change, cancellation);
    }

    /// <summary>Counts the use of a pin's picture, and gives the pin if its picture is to be made.</summary>
    async Task<Pin?> FindWaitingAsync(
        ObjectId<Pin> id, bool isNew, FollowerPause pause, CancellationToken cancellation)
    {
        using var asking = await AskAsync(pause);
        if (await pins.FindAsync(id, cancellation) is not { } pin)
            return null;
        if (pin.Body.Icon is { } icon)
            await uses.AddAsync(icon, id, cancellation);
        if (pin.Body.Picture is not { Hash: { } hash, State: var state })
            return null;
        if (isNew || state == PictureState.Waiting)
            await uses.AddAsync(hash, id, cancellation);
        if (state == PictureState.Waiting)
            return pin.Body;
        await pins.OfferCoverAsync(pin, isNew, cancellation);
        return null;
    }

    async Task<RenderedImage> RenderAsync(
        ObjectId<User> person, ContentHash hash, FollowerPause pause, CancellationToken cancellation)
    {
        RenderedImage made;
        using (await pause.WaitAsync(token => turns.TakeAsync(person, token)))
        {
            if (files.FindOriginal(hash) is not { } original)
                throw new PinfoldException(ErrorKind.NotFound, "The file of this picture is not there any more.");
            made = await renderer.RenderAsync(original.Path, cancellation);
        }
        await files.StoreAsync(hash, made, cancellation);
        return made;
    }

    async Task ChangeAsync(
        ObjectId<Pin> id, string hash, Func<PinPicture, PinPicture> change, CancellationToken cancellation)
    {
        // No pause: what was made is finished, also when the process stops.
        await _asking.WaitAsync(cancellation);
        using var asking = new Asked(_asking);
        await pins.UpdateAsync(
            id, (pin, picture) => picture.Hash == hash ? pin with { Picture = change(picture) } : null, cancellation);
    }

    async Task<IDisposable> AskAsync(FollowerPause pause)
    {
        await pause.WaitAsync(_asking.WaitAsync);
        return new Asked(_asking);
    }

    sealed class Asked(SemaphoreSlim asking) : IDisposable
    {
        public void Dispose() => asking.Release();
    }
}
