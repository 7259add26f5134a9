using System.Globalization;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// The og:image elements of a page, each with those after it that tell about it: what it is over https, its type and
/// its size.
/// </summary>
/// <remarks>The Open Graph protocol, ogp.me, "Structured Properties".</remarks>
internal sealed class OpenGraphImages
{
    const int ImagesMax = 20;

    readonly List<Group> _images = [];

    public void See(string name, string content)
    {
        switch (name)
        {
            case "og:image":
            case "og:image:url" when _images.Count == 0 || _images[^1].Url != content:
                Begin(image => image.Url is null).Url = content;
                break;
            case "og:image:secure_url":
                Begin(image => image.SecureUrl is null).SecureUrl = content;
                break;
            case "og:image:type" when _images.Count > 0:
                _images[^1].Type = content;
                break;
            case "og:image:width" or "og:image:height" when _images.Count > 0
                && int.TryParse(content, NumberStyles.Integer, CultureInfo.InvariantCulture, out var side):
                _images[^1].IsTooSmall |= side is > 0 and < PictureCandidates.SideMin;
                break;
        }
    }

    /// <summary>In the order of the page, without those that say they are of no use; https before http.</summary>
    public IEnumerable<string> BestFirst()
    {
        foreach (var image in _images.Where(image => !image.IsTooSmall && PictureCandidates.IsAccepted(image.Type)))
        {
            if (image.SecureUrl is not null)
                yield return image.SecureUrl;
            if (image.Url is not null)
                yield return image.Url;
        }
    }

    /// <summary>The image that this belongs to: the one before, if it has room for it, or the next.</summary>
    Group Begin(Func<Group, bool> hasRoom)
    {
        if (_images.Count == 0 || (!hasRoom(_images[^1]) && _images.Count < ImagesMax))
            _images.Add(new Group());
        return _images[^1];
    }

    sealed class Group
    {
        public string? Url { get; set; }

        public string? SecureUrl { get; set; }

        public string? Type { get; set; }

        public bool IsTooSmall { get; set; }
    }
}
