using Microsoft.AspNetCore.Http;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>One sentence that the next page says, once.</summary>
static class Notices
{
    const string Cookie = "notice";
    const int LengthMax = 200;

    public static void Say(HttpContext http, string sentence) => http.Response.Cookies.Append(
        Cookie, Text.Cut(sentence, LengthMax),
        new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            MaxAge = TimeSpan.FromMinutes(1),
            IsEssential = true,
        });

    /// <summary>The sentence that waits to be said; null for none.</summary>
    public static string? Said(HttpRequest request) =>
        request.Cookies[Cookie] is { Length: > 0 and <= LengthMax } sentence ? sentence : null;

    public static string? Take(HttpContext http)
    {
        if (Said(http.Request) is not { } sentence)
            return null;
        http.Response.Cookies.Delete(Cookie);
        return sentence;
    }
}
