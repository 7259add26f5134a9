using Pinfold.Pinboard.Images.Headers;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Jpegs;

/// <summary>What a JPEG's frame header says: its components, and how many blocks each has (ITU-T T.81,
/// B.2.2).</summary>
internal sealed record JpegFrame(bool IsProgressive, IReadOnlyList<JpegComponent> Components, int McusX, int McusY)
{
    const int ComponentsMax = 4;
    const int SamplingMax = 4;
    const int BlockPixels = 8;

    public static JpegFrame Read(HeaderBytes bytes, int marker, JpegFrame? earlier)
    {
        var rest = JpegMarker.SegmentLength(bytes);
        bytes.Skip(1);
        var (height, width) = (bytes.UInt16BigEndian(), bytes.UInt16BigEndian());
        var count = bytes.Byte();
        if (earlier is not null || count is 0 or > ComponentsMax || rest != 6 + (3 * count))
            throw Damaged("its frame header is not a possible one");
        var read = new (byte Id, int X, int Y)[count];
        for (var i = 0; i < count; i++)
        {
            var id = bytes.Byte();
            var sampling = bytes.Byte();
            bytes.Skip(1);
            read[i] = (id, sampling >> 4, sampling & 15);
            if (read[i].X is 0 or > SamplingMax || read[i].Y is 0 or > SamplingMax)
                throw Damaged("its sampling is not a possible one");
        }

        var (mostX, mostY) = (read.Max(c => c.X), read.Max(c => c.Y));
        var mcusX = Parts(width, BlockPixels * mostX);
        var mcusY = Parts(height, BlockPixels * mostY);
        return new JpegFrame(marker == JpegMarker.ProgressiveFrame,
            [.. read.Select(c => new JpegComponent(c.Id, c.X, c.Y,
                Parts(Parts(width * c.X, mostX), BlockPixels), Parts(Parts(height * c.Y, mostY), BlockPixels),
                mcusX * c.X, mcusY * c.Y))], mcusX, mcusY);
    }

    public static PinfoldException Damaged(string why) => new(ErrorKind.Invalid, $"This JPEG is damaged: {why}.");

    static int Parts(int whole, int part) => (whole + part - 1) / part;
}

/// <summary>One component of a frame.</summary>
/// <param name="Id">Its name in scans.</param>
/// <param name="X">Blocks across in an interleaved unit.</param>
/// <param name="Y">Blocks down in an interleaved unit.</param>
/// <param name="BlocksX">Blocks that a scan of it alone has across.</param>
/// <param name="BlocksY">Blocks that a scan of it alone has down.</param>
/// <param name="Stride">Blocks across, with those that fill up the last unit.</param>
/// <param name="Lines">Blocks down, with those that fill up the last unit.</param>
internal sealed record JpegComponent(
    byte Id, int X, int Y, int BlocksX, int BlocksY, int Stride, int Lines);
