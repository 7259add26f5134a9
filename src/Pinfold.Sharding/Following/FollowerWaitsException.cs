namespace Pinfold.Sharding.Following;

/// <summary>
/// What a follower throws when it cannot go on for now, whatever the transaction: nothing is parked, the cursor stays
/// before this transaction, which is tried again every second. It is logged once a minute, and the lag grows.
/// </summary>
public sealed class FollowerWaitsException(string message, Exception? cause = null) : Exception(message, cause);
