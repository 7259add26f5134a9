using Pinfold.Sharding;

namespace Pinfold.Pinboard.Users;

/// <summary>A person as ASP.NET Core Identity handles them: user and credentials together, changed in place.</summary>
sealed class Account
{
    public ObjectId<User> Id { get; set; }

    public ObjectId<Credentials> CredentialsId { get; set; }

    /// <summary>
    /// The version of the credentials that this was read from; a change elsewhere meanwhile is a conflict.
    /// </summary>
    public long Version { get; set; }

    public required string Username { get; set; }

    public string? DisplayName { get; set; }

    /// <summary>Null for an account that an operator made without one.</summary>
    public string? Email { get; set; }

    public string PasswordHash { get; set; } = "";

    public string SecurityStamp { get; set; } = "";

    /// <summary>Since when nobody may be signed in as them, or null.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    public bool IsAdministrator { get; set; }

    /// <summary>Of an account to be made: that it is made only if nobody else has one.</summary>
    public bool MustBeFirst { get; init; }

    /// <summary>Of an account to be made: the user name of who has invited its owner, or null.</summary>
    public string? InvitedBy { get; set; }
}
