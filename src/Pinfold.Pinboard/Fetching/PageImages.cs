using System.Globalization;
using AngleSharp.Html.Parser.Tokens;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Ranks the img elements of a page that names no image of its own, by what they declare; none is fetched.
/// </summary>
internal sealed class PageImages
{
    const int ImagesMax = 500;
    const int SideMin = 100;
    const int SideMax = 20_000;
    const int RatioMax = 4;

    // What an image of unknown size counts for: less than a declared photograph, more than a declared thumbnail.
    const long UnknownArea = 300 * 200;

    /// <summary>Something called a logo is taken all the same, after all others, if it is declared so large.</summary>
    const long DecorationSideMin = 200;

    readonly List<(ImageSources Sources, long Area)> _images = [];
    readonly List<ImageSources> _decoration = [];
    readonly List<string> _posters = [];
    readonly List<string> _ofPicture = [];

    public void See(HtmlTagToken tag)
    {
        switch (tag.Name)
        {
            case "picture":
                _ofPicture.Clear();
                break;
            case "source" when PictureCandidates.IsAccepted(tag.GetAttribute("type")) && _ofPicture.Count < ImagesMax:
                _ofPicture.AddRange(ImageSources.OfSets(tag));
                break;
            case "img" or "amp-img":
                SeeImage(tag, ImageSources.Of(tag, _ofPicture));
                _ofPicture.Clear();
                break;
            case "video" when tag.GetAttribute("poster") is { } poster && _posters.Count < ImagesMax:
                _posters.Add(poster);
                break;
        }
    }

    /// <summary>
    /// Largest first; among equals, as on the page. Then what stands for a video, then large decoration.
    /// </summary>
    public IEnumerable<string> BestFirst() =>
    [
        .. _images.OrderByDescending(image => image.Area).SelectMany(image => image.Sources.BestFirst),
        .. _posters.Where(poster => !ImageSources.IsPlaceholder(poster)),
        .. _decoration.SelectMany(image => image.BestFirst),
    ];

    void SeeImage(HtmlTagToken tag, ImageSources sources)
    {
        if (_images.Count == ImagesMax || sources.BestFirst.Count == 0)
            return;
        var (width, height) = (Side(tag, "width"), Side(tag, "height"));
        if (width < SideMin || height < SideMin || width > height * RatioMax || height > width * RatioMax)
            return;
        if (!sources.IsDecoration && !IsCalledDecoration(tag))
            _images.Add((sources, Area(width, height)));
        else if (width >= DecorationSideMin && height >= DecorationSideMin && _decoration.Count < ImagesMax)
            _decoration.Add(sources);
    }

    static bool IsCalledDecoration(HtmlTagToken tag) =>
        ImageWords.AreInName(tag.GetAttribute("class")) || ImageWords.AreInName(tag.GetAttribute("id"));

    static long Area(long? width, long? height) => width * height ?? width * width ?? height * height ?? UnknownArea;

    static long? Side(HtmlTagToken tag, string name)
    {
        var text = tag.GetAttribute(name)?.Trim() ?? "";
        if (text.EndsWith("px", StringComparison.OrdinalIgnoreCase))
            text = text[..^2];
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side)
            ? Math.Clamp(side, 1, SideMax)
            : null;
    }
}
