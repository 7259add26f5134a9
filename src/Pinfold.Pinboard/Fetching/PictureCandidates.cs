using Pinfold.Pinboard.Images.Headers;

namespace Pinfold.Pinboard.Fetching;

/// <summary>What a page's image has to be, by what is said of it or by its first bytes, to be worth fetching.</summary>
internal static class PictureCandidates
{
    /// <summary>Smaller ones count visits, or hold a place.</summary>
    public const int SideMin = 16;

    static readonly string[] Types =
    [
        .. Enum.GetValues<ImageFormat>().Select(format => format.ContentType), "image/jpg", "image/pjpeg",
        "image/x-png",
    ];

    /// <summary>Whether a declared type is one that is taken; so is none declared.</summary>
    public static bool IsAccepted(string? type) =>
        string.IsNullOrWhiteSpace(type) || Types.Contains(type.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase);
}
