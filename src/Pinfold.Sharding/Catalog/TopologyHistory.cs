using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Catalog;

/// <summary>The versions of the topology that the catalog keeps, and the way to put another in use by hand.</summary>
public sealed class TopologyHistory
{
    readonly ITopologySource _topology;
    readonly CatalogHome _home;

    internal TopologyHistory(ITopologySource topology, CatalogHome home) => (_topology, _home) = (topology, home);

    /// <summary>The newest first; none before the first change.</summary>
    /// <exception cref="PinfoldException">
    /// Invalid: this topology has no catalog. Unavailable: it does not answer. Corrupt: a version is no topology.
    /// </exception>
    public async Task<IReadOnlyList<TopologyVersion>> ListAsync(
        int limit = 100, CancellationToken cancellation = default) =>
        await (await OpenAsync(cancellation)).ListAsync(limit, cancellation);

    /// <summary>One version.</summary>
    /// <exception cref="PinfoldException">NotFound: there is none of that number. Else as
    /// <see cref="ListAsync"/>.</exception>
    public async Task<TopologyVersion> GetAsync(long version, CancellationToken cancellation = default) =>
        await (await OpenAsync(cancellation)).FindAsync(version, cancellation)
        ?? throw new PinfoldException(ErrorKind.NotFound,
            $"The catalog has no topology version {version}; \"pinfold topology history\" says which there are.");

    /// <summary>
    /// Puts what a map says in use for all processes, under the next version; they take it up within two seconds.
    /// </summary>
    /// <param name="content">What it shall say; its own version is not looked at.</param>
    /// <param name="by">Who, and why.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The map in use then; the one before if it says the same.</returns>
    /// <exception cref="PinfoldException">
    /// Invalid: it cannot follow the one in use, or this topology has no catalog. Conflict: somebody else has published
    /// meanwhile. Unavailable: the catalog does not answer.
    /// </exception>
    /// <remarks>
    /// A map that moves shards moves no data: a shard that is not where the map has it refuses until it is.
    /// </remarks>
    public async Task<TopologyMap> PublishAsync(
        TopologyMap content, Authorship by, CancellationToken cancellation = default)
    {
        var versions = await OpenAsync(cancellation);
        var before = await _topology.RefreshAsync(cancellation);
        if (content.AsVersion(before.Version).SameContentAs(before))
            return before;
        await versions.PublishAsync(before, content.AsVersion(before.Version + 1), by, [], cancellation);
        return await _topology.RefreshAsync(cancellation);
    }

    async ValueTask<TopologyVersions> OpenAsync(CancellationToken cancellation) =>
        new(await _home.GetAsync(_topology.Current, cancellation));
}
