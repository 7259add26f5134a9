using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Routing;
using Pinfold.Testing.Servers;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>What a <see cref="TestStore"/> is made of; the defaults are the library's own.</summary>
sealed record TestStoreOptions
{
    public int Shards { get; init; } = 1;

    /// <summary>
    /// How many servers share the shards evenly; of the second on it is MariaDB, whatever the engine.
    /// </summary>
    public int Servers { get; init; } = 1;

    /// <summary>A server of the test's own, which it may kill; null for the ones that all tests share.</summary>
    public DatabaseServer? OwnServer { get; init; }

    public CommitLimits Commits { get; init; } = CommitLimits.Default;

    public StoreLimits Limits { get; init; } = StoreLimits.Default;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The longest that one round trip may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public int ConnectionsMax { get; init; } = 32;

    /// <summary>What stands before each server of the store; null for nothing.</summary>
    public Func<IShardServer, IShardServer>? Around { get; init; }

    public ICache? Cache { get; init; }
}
