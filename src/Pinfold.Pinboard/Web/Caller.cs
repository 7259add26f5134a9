using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Endpoints;

/// <summary>Who asks: as visibility sees them, and as pages show them.</summary>
sealed record Visitor(Access.Viewer Access, Models.Viewer? Shown)
{
    /// <summary>Reads it from the signed cookie; asks nobody.</summary>
    public static ValueTask<Visitor?> BindAsync(HttpContext http) => new(Of(http));

    public static Visitor Of(HttpContext http)
    {
        var user = http.User;
        return user.Identity is { IsAuthenticated: true, Name: { } name }
            && ObjectId<User>.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), null, out var id)
            ? new Visitor(new Access.Viewer(id), new Models.Viewer(name, user.FindFirstValue(AccountClaims.DisplayName) ?? name))
            : new Visitor(Pinfold.Pinboard.Access.Viewer.Anybody, null);
    }

    /// <summary>The signed-in user's id; only for endpoints that demand one.</summary>
    public ObjectId<User> UserId => Access.IsSignedIn
        ? Access.User
        : throw new PinfoldException(ErrorKind.Forbidden, "Sign in first.");
}
