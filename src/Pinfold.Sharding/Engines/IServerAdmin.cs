namespace Pinfold.Sharding.Engines;

/// <summary>What operators do with a server as a whole, beside its reads and writes.</summary>
interface IServerAdmin
{
    /// <summary>
    /// Finds out whether shards can be on it, by doing in a place of its own what shards need, which is gone then.
    /// </summary>
    /// <exception cref="PinfoldException">
    /// Unavailable: it does not answer. Invalid: it is too old, or its user may not do something; it says what.
    /// </exception>
    ValueTask<ServerFacts> ProbeAsync(CancellationToken cancellation);
}

/// <summary>What a server is.</summary>
/// <param name="Engine">SQLite, MySQL or MariaDB.</param>
/// <param name="Version">As the server says it.</param>
/// <param name="Shards">Those of this installation that are on it already.</param>
sealed record ServerFacts(string Engine, string Version, IReadOnlyList<ShardId> Shards);
