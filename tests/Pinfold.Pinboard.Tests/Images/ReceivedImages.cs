using Pinfold.Pinboard.Images;

namespace Pinfold.Pinboard.Tests.Images;

/// <summary>What tests need that are not about how pictures are made.</summary>
static class ReceivedImages
{
    /// <summary>Takes in an original and keeps it, with nothing made of it.</summary>
    public static async Task<StoredImage> ReceiveAsync(
        this ImageFiles files, Stream source, CancellationToken cancellation)
    {
        using var incoming = await files.TakeInAsync(source, cancellation);
        await files.KeepAsync(incoming, new RenderedImage(0, 0, "", 0, []), cancellation);
        return incoming.Image;
    }

    /// <summary>The picture of a pin that waits until it is made.</summary>
    public static PinPicture ToPinPicture(this StoredImage image) => PinPicture.Received(
        image.Hash.ToString(), image.Header.Width, image.Header.Height, image.Bytes);
}
