namespace Pinfold.Sharding;

/// <summary>The one exception of Pinfold: a kind to act on and a message that may be shown to a person.</summary>
/// <remarks>The message never holds a secret, a connection string or SQL; the cause is the inner exception.</remarks>
public class PinfoldException(ErrorKind kind, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What went wrong, as far as a caller can act on it.</summary>
    public ErrorKind Kind { get; } = kind;

    /// <summary>The shard concerned, when there is exactly one.</summary>
    public ShardId? Shard { get; init; }

    internal static PinfoldException Invalid(string message) => new(ErrorKind.Invalid, message);
}
