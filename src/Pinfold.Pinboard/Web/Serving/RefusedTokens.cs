using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// A form without a good token is refused before its endpoint: what is compiled to bind it reads it all the same, which
/// ends in an error of the server's.
/// </summary>
static class RefusedTokens
{
    public static void UseRefusedTokens(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        if (http.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false })
            return next(http);
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    });
}
