using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pinfold.Pinboard.Users;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// Tells who sent a request by reading their session from its shard, once for each request that has a ticket. What
/// every visitor may have does not ask.
/// </summary>
sealed class SessionHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder,
    Sessions sessions, SessionCookies cookies) : AuthenticationHandler<AuthenticationSchemeOptions>(
        options, loggers, encoder)
{
    public const string Name = "session";

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<SessionCookies>();
        services.AddAuthentication(Name).AddScheme<AuthenticationSchemeOptions, SessionHandler>(Name, null);
        services.AddAuthorization();
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.GetEndpoint()?.Metadata.GetMetadata<ForEverybody>() is not null
            || await FindAsync(Context, sessions) is not { } signedIn)
            return AuthenticateResult.NoResult();
        await sessions.SeeAsync(signedIn, () => cookies.ClientOf(Context), Context.RequestAborted);
        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, signedIn.User.Id.ToString()),
                new Claim(ClaimTypes.Name, signedIn.User.Body.Username),
            ],
            Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }

    /// <summary>Who has the ticket of this request: read once, then known.</summary>
    public static async Task<SignedIn?> FindAsync(HttpContext http, Sessions sessions)
    {
        if (http.Features.Get<SignedIn>() is { } known)
            return known;
        if (SessionCookies.TicketOf(http.Request) is not { } ticket
            || await sessions.FindAsync(ticket, http.RequestAborted) is not { } signedIn)
            return null;
        http.Features.Set(signedIn);
        return signedIn;
    }

    /// <summary>
    /// To the sign-in and back, where a page was asked for: what was sent cannot be sent again.
    /// </summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Redirect(HttpMethods.IsGet(Request.Method)
            ? Routes.SignInFor($"{Request.Path}{Request.QueryString}") : Routes.SignIn);
        return Task.CompletedTask;
    }
}

/// <summary>Marks what is the same for everybody: no session is read for it.</summary>
sealed class ForEverybody
{
    public static readonly ForEverybody Mark = new();
}
