using Microsoft.AspNetCore.Http;
using Pinfold.Pinboard.Images;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>What other sites may show of a public page, with absolute addresses.</summary>
static class SocialCards
{
    /// <summary>As wide as others show it.</summary>
    public const int PictureWidth = RenditionWidths.Widest;

    public static SocialCard Of(
        HttpContext http, string path, string title, string? description, IReadOnlyList<Cover>? covers = null) =>
        Of(http, path, title, description, covers is [var first, ..]
            ? PictureEndpoint.Url(first.Pin, first.Hash, PictureWidth) : null);

    public static SocialCard Of(
        HttpContext http, string path, string title, string? description, string? picturePath)
    {
        var site = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}";
        return new SocialCard(site + path, title, description, picturePath is null ? null : site + picturePath);
    }
}
