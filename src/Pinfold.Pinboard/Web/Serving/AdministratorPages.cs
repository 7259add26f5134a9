using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// Pages that are there for administrators alone: for everybody else, signed in or not, it is as if they never were.
/// </summary>
static class AdministratorPages
{
    public static TBuilder ForAdministrators<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(Mark.OfThese);

    /// <summary>After it is known who asks, and before anything of the request is read.</summary>
    public static void UseAdministratorPages(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<Mark>() is null || Caller.Of(http).IsAdministrator)
            return next(http);
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    sealed class Mark
    {
        public static readonly Mark OfThese = new();
    }
}
