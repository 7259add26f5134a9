using Pinfold.Pinboard.Images.Headers;

namespace Pinfold.Pinboard.Images.Jpegs;

/// <summary>What a scan header says: which coefficients of which components follow (ITU-T T.81, B.2.3).</summary>
/// <param name="Parts">Index of each component in the frame, and its tables.</param>
/// <param name="First">The first coefficient, in zigzag order; 0 is the mean of a block.</param>
/// <param name="Last">The last coefficient.</param>
/// <param name="High">The bit that an earlier scan gave; 0 for the first scan of these coefficients.</param>
/// <param name="Low">The bit that this scan gives; 0 makes them whole.</param>
internal sealed record JpegScan(
    IReadOnlyList<(int Component, int DcTable, int AcTable)> Parts, int First, int Last, int High, int Low)
{
    public const int Coefficients = 64;

    public static JpegScan Read(HeaderBytes bytes, JpegFrame? frame)
    {
        var rest = JpegMarker.SegmentLength(bytes);
        var count = bytes.Byte();
        if (frame is null || count == 0 || count > frame.Components.Count || rest != 4 + (2 * count))
            throw JpegFrame.Damaged("a scan header is not a possible one");
        var parts = new (int Component, int DcTable, int AcTable)[count];
        for (var i = 0; i < count; i++)
        {
            var id = bytes.Byte();
            var tables = bytes.Byte();
            parts[i] = (IndexOf(frame, id), (tables >> 4) & 3, tables & 3);
        }

        var (first, last, bits) = (bytes.Byte(), bytes.Byte(), bytes.Byte());
        // Some cameras write wrong numbers here into sequential images, where they mean nothing.
        if (!frame.IsProgressive)
            return new JpegScan(parts, 0, Coefficients - 1, 0, 0);
        if (last >= Coefficients || first > last || (first == 0 ? last != 0 : count != 1))
            throw JpegFrame.Damaged("a scan header is not a possible one");
        return new JpegScan(parts, first, last, bits >> 4, bits & 15);
    }

    static int IndexOf(JpegFrame frame, byte id)
    {
        for (var i = 0; i < frame.Components.Count; i++)
            if (frame.Components[i].Id == id)
                return i;
        throw JpegFrame.Damaged("a scan is of no component");
    }
}
