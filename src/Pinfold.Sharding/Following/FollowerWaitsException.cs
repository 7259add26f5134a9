namespace Pinfold.Sharding.Following;

/// <summary>
/// What a follower throws when it cannot go on for now, whatever the transaction: nothing is parked, the cursor stays
/// before this transaction, which is tried again every second. It is logged once a minute, and the lag grows.
/// </summary>
/// <param name="message">What it waits for, for whoever reads the log.</param>
/// <param name="cause">What was thrown by what it waits for, if anything.</param>
public sealed class FollowerWaitsException(string message, Exception? cause = null) : Exception(message, cause);
