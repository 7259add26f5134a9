using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Images;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;

namespace Pinfold.Pinboard.Pictures;

/// <summary>
/// Makes of an image that was taken in what pages show. Only an image that could be made gets a place on disk, so
/// nothing has to be taken back of one that could not.
/// </summary>
sealed class PictureMaker(
    ImageFiles files, ImageRenderer renderer, FairTurns turns, PictureUses uses, PersonalBudgets budgets)
{
    /// <summary>Takes in an image of a pin to come, and makes it when it is its person's turn.</summary>
    /// <exception cref="PinfoldException">
    /// Invalid: not an accepted image, or damaged; LimitExceeded: too large, or more than the person may keep.
    /// Unavailable: the disk is full or refuses. Nothing of it stays.
    /// </exception>
    public async Task<PinPicture> ReceiveAsync(
        ObjectId<User> person, Stream source, CancellationToken cancellation)
    {
        using var incoming = await TakeInAsync(person, source, cancellation);
        return await MakeAsync(person, incoming, FollowerPause.None, cancellation);
    }

    /// <summary>Takes in an image of a pin to come, to be made next.</summary>
    /// <exception cref="PinfoldException">As <see cref="ReceiveAsync"/>.</exception>
    public async Task<IncomingImage> TakeInAsync(
        ObjectId<User> person, Stream source, CancellationToken cancellation)
    {
        var incoming = await files.TakeInAsync(source, cancellation);
        var hasRoom = false;
        try
        {
            await budgets.RequireRoomAsync(person, new Usage(incoming.Image.Bytes, 1), cancellation);
            hasRoom = true;
            return incoming;
        }
        finally
        {
            if (!hasRoom)
                incoming.Dispose();
        }
    }

    /// <summary>Makes what was taken in.</summary>
    /// <exception cref="PinfoldException">As <see cref="ReceiveAsync"/>.</exception>
    public async Task<PinPicture> MakeAsync(
        ObjectId<User> person, IncomingImage incoming, FollowerPause pause, CancellationToken cancellation) =>
        await KeepAsync(incoming, await RenderAsync(person, incoming, pause, cancellation), cancellation);

    /// <summary>Takes in an image that was found and renders it, to see whether it is of use; keeps nothing.</summary>
    /// <exception cref="PinfoldException">As <see cref="ReceiveAsync"/>; whose room it takes is not asked.</exception>
    public async Task<FoundImage> TryOutAsync(
        ObjectId<User> person, Stream source, FollowerPause pause, CancellationToken cancellation)
    {
        var incoming = await files.TakeInAsync(source, cancellation);
        FoundImage? found = null;
        try
        {
            return found = new FoundImage(incoming, await RenderAsync(person, incoming, pause, cancellation));
        }
        finally
        {
            if (found is null)
                incoming.Dispose();
        }
    }

    /// <summary>Keeps what was made of it for a pin to come: should none come, it is swept.</summary>
    public async Task<PinPicture> KeepAsync(
        IncomingImage incoming, RenderedImage made, CancellationToken cancellation)
    {
        var hash = incoming.Image.Hash.ToString();
        await uses.MarkAsync(hash, cancellation);
        await files.KeepAsync(incoming, made, cancellation);
        return made.ToReady(PinPicture.Received(hash, made.Width, made.Height, incoming.Image.Bytes));
    }

    async Task<RenderedImage> RenderAsync(
        ObjectId<User> person, IncomingImage incoming, FollowerPause pause, CancellationToken cancellation)
    {
        using var turn = await pause.WaitAsync(token => turns.TakeAsync(person, token));
        return await renderer.RenderAsync(incoming.Path, cancellation);
    }
}

/// <summary>An image that was taken in and rendered; gone with this unless it was kept.</summary>
sealed record FoundImage(IncomingImage Incoming, RenderedImage Rendered) : IDisposable
{
    public void Dispose() => Incoming.Dispose();
}
