using System.Buffers;
using System.Security.Cryptography;
using Pinfold.Pinboard.Images.Extents;
using Pinfold.Pinboard.Images.Headers;

namespace Pinfold.Pinboard.Images;

/// <summary>
/// Writes what is received to a file, and leaves of it what the image is: no more than its own bytes, with the end mark
/// that may be missing. That is what is hashed.
/// </summary>
sealed class ImageIntake(ImageLimits limits, Func<string, Stream> create)
{
    const int BufferBytes = 128 * 1024;

    /// <summary>
    /// Errors of <paramref name="source"/> pass through as they are; the file is the caller's to delete.
    /// </summary>
    public async Task<StoredImage> TakeInAsync(Stream source, string path, CancellationToken cancellation)
    {
        await CopyAsync(source, path, cancellation);
        await using var file = DiskErrors.Translate(() => new FileStream(
            path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous));
        var header = ImageHeader.Read(file, limits);
        var extent = ImageExtent.Read(file, header.Format);
        DiskErrors.Translate(() => Trim(file, extent));
        file.Position = 0;
        var hash = ContentHash.Of(await SHA256.HashDataAsync(file, cancellation));
        return new StoredImage(hash, file.Length, header);
    }

    static void Trim(FileStream file, ImageExtent extent)
    {
        file.SetLength(extent.Bytes);
        file.Position = extent.Bytes;
        file.Write(extent.MissingEnd.Span);
        file.Flush(flushToDisk: true);
    }

    async Task CopyAsync(Stream source, string path, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var file = DiskErrors.Translate(() => create(path));
        try
        {
            var total = 0L;
            int read;
            while ((read = await source.ReadAsync(buffer, cancellation)) > 0)
            {
                limits.CheckBytes(total += read);
                await DiskErrors.TranslateAsync(() => file.WriteAsync(buffer, 0, read, cancellation));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await DiskErrors.TranslateAsync(() => file.DisposeAsync().AsTask());
        }
    }
}
