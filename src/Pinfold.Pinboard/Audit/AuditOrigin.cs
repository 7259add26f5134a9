using Pinfold.Sharding;

namespace Pinfold.Pinboard.Audit;

/// <summary>Who does something, and where from, as the audit log keeps it.</summary>
/// <param name="User">Who is signed in; none: nobody is, and whoever acts is the person whose account it is.</param>
/// <param name="Username">Theirs, or null.</param>
/// <param name="Address">Where the request comes from; empty where there is none.</param>
/// <param name="Device">Browser and system, in a few words; empty where there is none.</param>
sealed record AuditOrigin(ObjectId<User> User, string? Username, string Address, string Device)
{
    /// <summary>Whoever runs the installation.</summary>
    public static readonly AuditOrigin CommandLine = new(default, null, "", "") { IsOperator = true };

    /// <summary>The program by itself.</summary>
    public static readonly AuditOrigin Unknown = new(default, null, "", "");

    public bool IsOperator { get; private init; }
}
