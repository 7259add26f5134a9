using System.Text;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Headers;

/// <summary>Names what was sent instead of an accepted image, so that the sender knows what to convert.</summary>
internal static class ForeignFormat
{
    const string Avif = "an AVIF image";
    const string Heif = "a HEIC picture (HEIF)";

    public static PinfoldException Refusal(ReadOnlySpan<byte> start)
    {
        var name = Name(start);
        return new PinfoldException(ErrorKind.Invalid,
            $"This is {name}{Advice(name)}; images are accepted as {ImageFormatNames.Accepted}.");
    }

    public static string Name(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
            return "an empty file";
        if (start.Length >= 12 && start[4..8].SequenceEqual("ftyp"u8))
            return IsoMedia(start[8..]);
        return start switch
        {
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF document",
            [(byte)'I', (byte)'I', 0x2A, 0x00, ..] or [(byte)'M', (byte)'M', 0x00, 0x2A, ..] => "a TIFF image",
            [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => "a BMP image",
            [0x00, 0x00, 0x01, 0x00, ..] => "an icon (ICO)",
            [0xFF, 0x0A, ..] or [0, 0, 0, 0x0C, (byte)'J', (byte)'X', (byte)'L', (byte)' ', ..] => "a JPEG XL image",
            [0, 0, 0, 0x0C, (byte)'j', (byte)'P', ..] => "a JPEG 2000 image",
            [(byte)'8', (byte)'B', (byte)'P', (byte)'S', ..] => "a Photoshop document",
            [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..] => "a zip archive",
            [0x1F, 0x8B, ..] => "a gzip archive",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] => "a RIFF file (sound or video)",
            _ => Text(start),
        };
    }

    static string IsoMedia(ReadOnlySpan<byte> brands)
    {
        for (; brands.Length >= 4; brands = brands[4..])
        {
            if (brands[..4].SequenceEqual("avif"u8) || brands[..4].SequenceEqual("avis"u8))
                return Avif;
            if (brands.StartsWith("hei"u8) || brands.StartsWith("hev"u8))
                return Heif;
        }

        return "a video, or an image in a video container";
    }

    // Both are what a phone or a browser gave without being asked: their owner needs a way out.
    static string Advice(string name) => name switch
    {
        Heif => ", as iPhones take them: export or share it as JPEG (Settings, Camera, Formats, “Most Compatible” "
            + "takes JPEG from then on)",
        Avif => ": save it as JPEG, PNG or WebP, which any picture editor does",
        _ => "",
    };

    static string Text(ReadOnlySpan<byte> start)
    {
        if (start.Contains((byte)0) || !IsTextual(start))
            return "not an image of a known format";
        var text = Encoding.Latin1.GetString(start).TrimStart('\u00EF', '\u00BB', '\u00BF').TrimStart();
        if (text.StartsWith("<svg", StringComparison.OrdinalIgnoreCase)
            || (text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase)
                && text.Contains("<svg", StringComparison.OrdinalIgnoreCase)))
            return "an SVG drawing";
        if (text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            return "a web page (HTML)";
        return text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) ? "an XML document (perhaps SVG)" : "text";
    }

    static bool IsTextual(ReadOnlySpan<byte> start)
    {
        foreach (var b in start)
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0C or 0x1B))
                return false;
        }

        return true;
    }
}
