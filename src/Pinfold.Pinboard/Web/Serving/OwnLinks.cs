using Microsoft.AspNetCore.Http;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>Links to this site that are read away from it.</summary>
static class OwnLinks
{
    public static string To(HttpContext http, string path) =>
        $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}{path}";
}
