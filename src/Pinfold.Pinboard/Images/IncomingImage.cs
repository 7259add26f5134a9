namespace Pinfold.Pinboard.Images;

/// <summary>An image that was taken in and has no place yet: unless it is kept, nothing of it stays.</summary>
sealed class IncomingImage(IncomingFile file, StoredImage image) : IDisposable
{
    public StoredImage Image => image;

    /// <summary>Where it is until it is kept.</summary>
    public string Path => file.Path;

    public void Dispose() => file.Dispose();
}
