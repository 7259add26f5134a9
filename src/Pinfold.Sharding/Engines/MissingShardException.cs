namespace Pinfold.Sharding.Engines;

/// <summary>A shard is not where the topology has it: it went elsewhere, or was never made.</summary>
sealed class MissingShardException : PinfoldException
{
    /// <param name="shard">The shard.</param>
    /// <param name="where">Its server, and what is not there.</param>
    /// <param name="cause">What the server said.</param>
    public MissingShardException(ShardId shard, string where, Exception? cause = null)
        : base(ErrorKind.Unavailable, $"Shard {shard} cannot be used: {Describe(where)}.", cause)
    {
        Shard = shard;
        Where = where;
    }

    public string Where { get; }

    /// <summary>The same words for a read and for a write, which are the first to find out.</summary>
    public static string Describe(string where) =>
        $"it is not on {where}. Is this a new installation? Its shards have to be made before they are used, by "
        + "ShardProvisioner.EnsureAsync or by ProvisionOnStart() where they are registered";
}
