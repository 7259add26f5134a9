using Microsoft.AspNetCore.Http;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>Where cards are shown.</summary>
/// <param name="PathBase">What all addresses of this site begin with.</param>
/// <param name="Here">The page's address below that.</param>
sealed record CardPlace(string PathBase, string Here)
{
    public static CardPlace Of(HttpRequest request) =>
        new(request.PathBase.Value ?? "", $"{request.Path}{request.QueryString}");
}
