using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>Lets people sign up where only the invited may: on the shard of who made it, never in a cache.</summary>
/// <param name="By">Who made it; none: whoever runs the installation, when nobody was there.</param>
/// <param name="TokenHash">SHA-256 of the link's token, in base64; the token is nowhere but in the link.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="EndsAt">From when on it lets nobody in.</param>
/// <param name="UsesMax">How many accounts can be made with it.</param>
/// <param name="Uses">Those that were, and those that are being made.</param>
/// <param name="RevokedAt">When it was taken back, or null.</param>
sealed record Invitation(
    ObjectId<User> By, string TokenHash, DateTimeOffset MadeAt, DateTimeOffset EndsAt, int UsesMax,
    IReadOnlyList<InvitationUse> Uses, DateTimeOffset? RevokedAt = null)
{
    /// <summary>Of one invitation, for administrators; everybody else's are good for one.</summary>
    public const int UsesOfOneMax = 100;

    public const int DaysMax = 90;

    public const int DaysUnlessSaid = 7;

    /// <summary>Of one person who is no administrator: that can be used.</summary>
    public const int OpenOfOnePersonMax = 10;

    /// <summary>Of one person, those that have ended or were used up among them; the oldest of these go.</summary>
    public const int ListedMax = 200;

    public static ObjectType<Invitation> Type { get; } =
        new(10, "invitations", PinboardJson.Default.Invitation, isCached: false);

    public bool IsOpen(DateTimeOffset now) => RevokedAt is null && now < EndsAt && Uses.Count < UsesMax;
}

/// <summary>One account of an invitation.</summary>
/// <param name="Key">Names the try, so that it can be given back.</param>
/// <param name="Username">The account's.</param>
/// <param name="At">When.</param>
sealed record InvitationUse(Guid Key, string Username, DateTimeOffset At);
