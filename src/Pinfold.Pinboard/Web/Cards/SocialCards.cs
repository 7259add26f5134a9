using Microsoft.AspNetCore.Http;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>What other sites may show of a public page, with absolute addresses.</summary>
static class SocialCards
{
    const int PictureWidth = 736;

    public static SocialCard Of(
        HttpContext http, string path, string title, string? description, IReadOnlyList<Cover>? covers = null) =>
        Of(http, path, title, description, covers is [var first, ..]
            ? PictureEndpoint.Url(first.Pin, first.Hash, PictureWidth) : null);

    public static SocialCard Of(HttpContext http, string path, string title, string? description, string? picturePath)
    {
        var site = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}";
        return new SocialCard(site + path, title, description, picturePath is null ? null : site + picturePath);
    }
}
