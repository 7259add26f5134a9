using Pinfold.Pinboard.Images.Headers;

namespace Pinfold.Pinboard.Images.Bare;

/// <summary>
/// An original as anybody may have it: every byte of the picture and its colour profile as they are, and nothing of
/// what else the file says: no place, no time, no camera, no name, no smaller picture that shows what was cut off.
/// </summary>
/// <remarks>
/// It is made of the parts of the file that are kept, so nothing is decoded and no copy is stored. What is kept is
/// listed, not what is left out: what is unknown stays here.
/// </remarks>
sealed class BareImage
{
    readonly string _path;
    readonly IReadOnlyList<BarePart> _parts;

    BareImage(string path, IReadOnlyList<BarePart> parts)
    {
        _path = path;
        _parts = parts;
        Length = parts.Sum(part => part.Length);
    }

    public long Length { get; }

    /// <summary>Reads where the parts of an original are; it passed the checks of its intake.</summary>
    /// <exception cref="Pinfold.Sharding.PinfoldException">Invalid: the file was damaged since.</exception>
    public static BareImage Of(string path, ImageFormat format)
    {
        using var file = File.OpenRead(path);
        var bytes = new HeaderBytes(file);
        var parts = new BareParts(file.Length);
        switch (format)
        {
            case ImageFormat.Jpeg:
                BareJpeg.Read(bytes, parts);
                break;
            case ImageFormat.Png:
                BarePng.Read(bytes, parts);
                break;
            case ImageFormat.WebP:
                BareWebP.Read(bytes, parts);
                break;
            default:
                BareGif.Read(bytes, parts);
                break;
        }
        return new BareImage(path, parts.ToList());
    }

    public async Task WriteToAsync(Stream to, CancellationToken cancellation)
    {
        const int bufferBytes = 64 * 1024;
        var buffer = new byte[bufferBytes];
        await using var file = new FileStream(
            _path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0,
            FileOptions.Asynchronous);
        foreach (var part in _parts)
        {
            if (part.Text is { } text)
            {
                await to.WriteAsync(text, cancellation);
                continue;
            }
            file.Position = part.From;
            for (var left = part.Length; left > 0;)
            {
                var read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, bufferBytes)), cancellation);
                if (read == 0)
                    throw new EndOfStreamException($"{_path} became shorter while it was sent.");
                await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
                left -= read;
            }
        }
    }
}
