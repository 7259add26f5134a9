using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>
/// Something that was done to a person's account, by them or by others. It is carried by an entry of
/// <see cref="PinboardModel.UserHasAuditEntries"/> itself, in its place by time; no object is made for it.
/// </summary>
/// <param name="Event">What.</param>
/// <param name="By">The user name of who did it, if it was somebody else.</param>
/// <param name="IsByOperator">Whether it was done on the command line.</param>
/// <param name="Address">Where from; empty if that is not known.</param>
/// <param name="Device">Browser and system, in a few words; empty if that is not known.</param>
/// <param name="Subject">What it was done with: an id or a user name. Never a title, a password or a token.</param>
/// <param name="Count">How many, where that says something.</param>
sealed record AuditEntry(
    AuditEvent Event, string? By = null, bool IsByOperator = false, string Address = "", string Device = "",
    string? Subject = null, long Count = 0)
{
    /// <summary>Of one person; the oldest goes when another comes.</summary>
    public const int KeptMax = 1000;

    /// <summary>Of one person, besides: an attack does not fill the log.</summary>
    public const int WrongPasswordsKeptMax = 200;

    /// <summary>None is shown that is older; it goes when others come.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(400);

    public static ObjectType<AuditEntry> Type { get; } =
        new(9, "audit_entries", PinboardJson.Default.AuditEntry, isCached: false) { HasObjects = false };

    /// <summary>Whether the person themselves was at that address; then they may be shown it.</summary>
    public bool IsOwnAct => By is null && !IsByOperator;
}
