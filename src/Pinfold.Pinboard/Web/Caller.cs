using Microsoft.AspNetCore.Http;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web;

/// <summary>Who sent a request: as visibility sees them, and as pages name them; null for nobody signed in.</summary>
sealed record Caller(Viewer Viewer, Person? Person)
{
    /// <summary>As their shard has it at this request.</summary>
    public bool IsAdministrator { get; private init; }

    /// <summary>Takes it from the session that was read before; asks nobody.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext http) => new(Of(http));

    public static Caller Of(HttpContext http) => http.Features.Get<SignedIn>() is { User: var user } signedIn
        ? new Caller(new Viewer(user.Id), new Person(user.Body.Username, user.Body.DisplayName))
        {
            IsAdministrator = signedIn.Credentials.Body.IsAdministrator,
        }
        : new Caller(Viewer.Anybody, null);

    /// <summary>The signed-in user's id; only for endpoints that demand one.</summary>
    public ObjectId<User> UserId => Viewer.IsSignedIn
        ? Viewer.User
        : throw new PinfoldException(ErrorKind.Forbidden, "Sign in first.");
}
