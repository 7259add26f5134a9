namespace Pinfold.Sharding.Following;

/// <summary>
/// A follower of which every process runs its own, for what it keeps in its own memory: it is given the transactions of
/// all shards, whoever follows them otherwise, from the moment when its process begins to look, and no cursor is kept.
/// </summary>
/// <remarks>
/// It is given what was committed at most <see cref="FollowerOptions.ProcessLook"/> (and the time of a read) ago, as
/// long as the server answers. Nothing is parked: where something could not be handed over (it threw, the process fell
/// far behind, a row cannot be read or is of a newer program, a shard was put back to a backup), it is told so.
/// </remarks>
public interface IProcessFollower : IBatchFollower
{
    /// <summary>
    /// It cannot rely on what it knows of these shards, as if it had seen nothing of them so far; it is told again
    /// until it does not throw.
    /// </summary>
    ValueTask ForgetAsync(IReadOnlyList<ShardId> shards, CancellationToken cancellation);
}
