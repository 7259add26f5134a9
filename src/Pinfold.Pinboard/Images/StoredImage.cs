using Pinfold.Pinboard.Images.Headers;

namespace Pinfold.Pinboard.Images;

/// <summary>An original on disk. <see cref="Header"/> gives its size as stored, not yet turned upright.</summary>
internal sealed record StoredImage(ContentHash Hash, long Bytes, ImageHeader Header);

/// <summary>A file that may be sent: where it is and as what.</summary>
internal sealed record ImageFile(string Path, ImageFormat Format)
{
    public string ContentType => Format.ContentType;
}
