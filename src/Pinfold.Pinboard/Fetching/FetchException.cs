using Pinfold.Sharding;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// A site, or the way to it, does not give what was asked for. What fails here, on a shard, in a cache or on the disk,
/// is never one of these.
/// </summary>
internal sealed class FetchException(ErrorKind kind, string message, Exception? cause = null)
    : PinfoldException(kind, message, cause)
{
    public FetchOutlook Outlook { get; init; }

    /// <summary>How long the site asks to be left alone, if it says so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>False when it is what the host answered to somebody before, and it was left alone.</summary>
    public bool WasAsked { get; init; } = true;
}

/// <summary>Whether the same may be had later, and what else would fail as well until then.</summary>
internal enum FetchOutlook
{
    /// <summary>It is not there, not allowed, or not what was asked for: asking again gives the same.</summary>
    Final,

    /// <summary>This address may answer later; others of the host may do so now.</summary>
    AddressLater,

    /// <summary>The host takes no more of this for a while.</summary>
    HostBusy,

    /// <summary>The host cannot be reached, or does not answer.</summary>
    HostDown,

    /// <summary>Names cannot be looked up, or there is no network: not the site's fault.</summary>
    NoWayOut,
}
