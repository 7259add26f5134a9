using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web;

/// <summary>Who sent a request: as visibility sees them, and as pages name them; null for nobody signed in.</summary>
sealed record Caller(Viewer Viewer, Person? Person)
{
    /// <summary>Reads it from the signed cookie; asks nobody.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext http) => new(Of(http));

    public static Caller Of(HttpContext http)
    {
        var user = http.User;
        return user.Identity is { IsAuthenticated: true, Name: { } name }
            && ObjectId<User>.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), null, out var id)
            ? new Caller(new Viewer(id), new Person(name, user.FindFirstValue(AccountClaims.DisplayName) ?? name))
            : new Caller(Viewer.Anybody, null);
    }

    /// <summary>The signed-in user's id; only for endpoints that demand one.</summary>
    public ObjectId<User> UserId => Viewer.IsSignedIn
        ? Viewer.User
        : throw new PinfoldException(ErrorKind.Forbidden, "Sign in first.");
}
