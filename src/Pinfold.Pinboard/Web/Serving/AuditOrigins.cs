using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Pinboard.Audit;
using Pinfold.Pinboard.Users;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>Tells the audit log who asks, and where from.</summary>
static class AuditOrigins
{
    /// <summary>After it is known who is signed in.</summary>
    public static void UseAuditOrigin(this IApplicationBuilder app)
    {
        var audit = app.ApplicationServices.GetRequiredService<AuditLog>();
        app.Use(async (http, next) =>
        {
            // What only reads leaves nothing in the log.
            if (!HttpMethods.IsGet(http.Request.Method))
                audit.Origin = OriginOf(http);
            await next(http);
        });
    }

    static AuditOrigin OriginOf(HttpContext http)
    {
        var user = http.Features.Get<SignedIn>()?.User;
        return new AuditOrigin(
            user?.Id ?? default, user?.Body.Username, SessionCookies.AddressOf(http),
            UserAgents.Words(http.Request.Headers.UserAgent));
    }
}
