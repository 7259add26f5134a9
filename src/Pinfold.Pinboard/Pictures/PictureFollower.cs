using Pinfold.Pinboard.Images;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Pinboard.Pictures;

/// <summary>
/// Makes what pages show from what was received, and counts who uses a picture. A picture that cannot be made leaves
/// its pin failed, with the reason; it is not tried again by itself.
/// </summary>
sealed class PictureFollower(
    PinPictures pins, ImageFiles files, ImageRenderer renderer, FairTurns turns, PictureUses uses) : IFollower
{
    public const string FollowerName = "pictures";

    public string Name => FollowerName;

    public FollowerInterests Interests { get; } =
        new() { Types = [Pin.Type], Events = [PinEvents.PictureReleased] };

    /// <summary>So that the people of as many shards take turns; one picture is rendered at a time.</summary>
    public int ShardsAtOnceMax => 32;

    public async ValueTask HandleAsync(JournalTransaction transaction, CancellationToken cancellation)
    {
        foreach (var entry in transaction.Entries)
            switch (entry)
            {
                case { Kind: JournalEntryKind.Created } when entry.Id.Type == Pin.Type.Number:
                    await MakeAsync(Pin.Type.Id(entry.Id), isNew: true, cancellation);
                    break;
                case { Kind: JournalEntryKind.Updated } when entry.Id.Type == Pin.Type.Number:
                    await MakeAsync(Pin.Type.Id(entry.Id), isNew: false, cancellation);
                    break;
                case { Kind: JournalEntryKind.Event, Name: PinEvents.PictureReleased, Payload: { } hash }:
                    await uses.RemoveAsync(hash, Pin.Type.Id(entry.Id), cancellation);
                    break;
            }
    }

    async Task MakeAsync(ObjectId<Pin> id, bool isNew, CancellationToken cancellation)
    {
        if (await pins.FindAsync(id, cancellation) is not { Body.Picture: { Hash: { } text, State: var state } } pin)
            return;
        if (isNew || state == PictureState.Waiting)
            await uses.AddAsync(text, id, cancellation);
        if (state != PictureState.Waiting)
        {
            await pins.OfferCoverAsync(pin, cancellation);
            return;
        }
        var hash = ContentHash.Parse(text);
        try
        {
            if (files.FindOriginal(hash) is not { } original)
                throw new PinfoldException(ErrorKind.NotFound, "The file of this picture is not there any more.");
            var made = await turns.TakeAsync(
                pin.Body.Owner, () => renderer.RenderAsync(original.Path, cancellation), cancellation);
            await files.StoreAsync(hash, made.Renditions, cancellation);
            await ChangeAsync(id, text, picture => picture with
            {
                State = PictureState.Ready,
                Width = made.Width,
                Height = made.Height,
                Colour = made.DominantColour,
                PerceptualHash = made.PerceptualHash,
                Problem = null,
            }, cancellation);
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.Invalid or ErrorKind.LimitExceeded or ErrorKind.NotFound)
        {
            await ChangeAsync(
                id, text, picture => picture with { State = PictureState.Failed, Problem = e.Message }, cancellation);
        }
    }

    Task ChangeAsync(
        ObjectId<Pin> id, string hash, Func<PinPicture, PinPicture> change, CancellationToken cancellation) =>
        pins.UpdateAsync(
            id, (pin, picture) => picture.Hash == hash ? pin with { Picture = change(picture) } : null, cancellation);
}
