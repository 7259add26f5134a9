using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// The one place that decides at which address a request found this service. Behind it scheme, host and path base of
/// the request are right, and whoever makes a link, a cookie or a header takes them from there.
/// </summary>
static class OwnAddress
{
    static readonly PathString Health = "/health";

    /// <summary>Before whatever reads them, and behind the error pages, which show what is refused here.</summary>
    /// <exception cref="PinfoldException">
    /// By the request. Invalid: it names no host; NotFound: it is not below the path base.
    /// </exception>
    public static void UseOwnAddress(this IApplicationBuilder app, PublicAddress address) => app.Use((http, next) =>
    {
        var request = http.Request;
        var host = request.Headers.Host;
        var isProbe = request.Path.StartsWithSegments(Health);
        var isBelow = request.Path.StartsWithSegments(address.PathBase, StringComparison.Ordinal, out var rest);
        if (isBelow)
            request.Path = rest;
        request.PathBase = address.PathBase;
        if (address.Scheme is not null)
            (request.Scheme, request.Host) = (address.Scheme, address.Host);
        http.Response.OnStarting(PutBelow, http);

        // Balancers probe by HTTP/1.0, which need not name a host; such an answer has no links.
        if (!HostNames.IsRight(host) && !(isProbe && host.Count == 0))
        {
            if (address.Scheme is null)
                request.Host = default;
            throw new PinfoldException(ErrorKind.Invalid,
                "The request does not say for which host it is; one looks like pins.example.org or 127.0.0.1:5080.");
        }
        if (!isBelow && !isProbe)
            throw new PinfoldException(ErrorKind.NotFound, $"Everything here is below {address.PathBase}/.");
        return next(http);
    });

    /// <summary>Redirects are made from <see cref="Routes"/>, as if there were no path base.</summary>
    static Task PutBelow(object state)
    {
        var http = (HttpContext)state;
        if (http.Response.Headers.Location is [['/', ..] path])
            http.Response.Headers.Location = http.Request.PathBase + path;
        return Task.CompletedTask;
    }
}
