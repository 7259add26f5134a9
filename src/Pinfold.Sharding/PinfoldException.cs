namespace Pinfold.Sharding;

/// <summary>The one exception of Pinfold: a kind to act on and a message that may be shown to a person.</summary>
/// <remarks>The message never holds a secret, a connection string or SQL; the cause is the inner exception.</remarks>
public class PinfoldException(ErrorKind kind, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What went wrong, as far as a caller can act on it.</summary>
    public ErrorKind Kind { get; } = kind;

    /// <summary>
    /// Whether the same may be asked again as it is, after a while: a server did not answer or did not take a write in
    /// time, and nothing was changed. A write is tried again with a new transaction.
    /// </summary>
    /// <remarks>
    /// Fenced, Unavailable and DeadlineExceeded. Not OutcomeUnknown, which has to be resolved first; nor Conflict,
    /// after which the caller reads again and decides; the others come again as long as the request is the same.
    /// </remarks>
    public bool IsTransient => Kind is ErrorKind.Fenced or ErrorKind.Unavailable or ErrorKind.DeadlineExceeded;

    /// <summary>The shard concerned, when there is exactly one.</summary>
    public ShardId? Shard { get; init; }

    internal static PinfoldException Invalid(string message) => new(ErrorKind.Invalid, message);
}
