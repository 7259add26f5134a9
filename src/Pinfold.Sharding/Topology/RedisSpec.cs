namespace Pinfold.Sharding.Topology;

/// <summary>
/// Where a Redis is, as the topology describes it: one server, a primary that Sentinels know, or a Cluster. Compared by
/// value: connections to a Redis that is equal in two maps may be kept when the second replaces the first.
/// </summary>
public abstract record RedisSpec
{
    /// <summary>Only the three kinds exist: a switch over them needs no fourth arm.</summary>
    private protected RedisSpec() { }

    /// <summary>The account, or null for the default one.</summary>
    public string? User { get; init; }

    /// <summary>Where the account's password is read from; null for one without.</summary>
    public PasswordSource? Password { get; init; }

    /// <summary>
    /// Whether connections are encrypted, and whose certificate is taken; never <see cref="TlsMode.Preferred"/>, which
    /// Redis does not know.
    /// </summary>
    public TlsMode Tls { get; init; } = TlsMode.None;

    /// <summary>Where it is, for a person: <c>10.0.3.1:6379</c>.</summary>
    public abstract string Location { get; }
}

/// <summary>One Redis server: when it is down, so is all that it has.</summary>
public sealed record RedisServerSpec(HostPort Address) : RedisSpec
{
    /// <inheritdoc/>
    public override string Location => Address.ToString();
}

/// <summary>A primary and its replicas, watched by Sentinels, which also say where the primary is.</summary>
/// <param name="Sentinels">At least one; three are needed for a failover.</param>
/// <param name="Primary">What the Sentinels call the primary.</param>
public sealed record RedisSentinelSpec(IReadOnlyList<HostPort> Sentinels, string Primary) : RedisSpec
{
    /// <summary>The Sentinels' own password; null when they want none.</summary>
    public PasswordSource? SentinelPassword { get; init; }

    /// <inheritdoc/>
    public override string Location => $"{Primary} by {string.Join(", ", Sentinels)}";

    /// <inheritdoc/>
    public bool Equals(RedisSentinelSpec? other) =>
        base.Equals(other) && Primary == other.Primary && SentinelPassword == other.SentinelPassword
        && Sentinels.SequenceEqual(other.Sentinels);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Primary, Sentinels.Count);
}

/// <summary>A Redis Cluster; any of its nodes tells of the others.</summary>
/// <param name="Nodes">At least one.</param>
public sealed record RedisClusterSpec(IReadOnlyList<HostPort> Nodes) : RedisSpec
{
    /// <inheritdoc/>
    public override string Location => $"cluster of {string.Join(", ", Nodes)}";

    /// <inheritdoc/>
    public bool Equals(RedisClusterSpec? other) => base.Equals(other) && Nodes.SequenceEqual(other.Nodes);

    /// <inheritdoc/>
    public override int GetHashCode() => Nodes.Count;
}
