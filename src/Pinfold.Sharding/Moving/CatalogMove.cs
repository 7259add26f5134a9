using System.Data.Common;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Moving;

/// <summary>Takes the catalog to another server of the topology, with all that it keeps.</summary>
/// <remarks>
/// What the other server keeps is written first; then the catalog that all processes ask publishes a version that
/// names the other. From there on each process asks that, however long it was away: the old catalog stays, and says
/// where it went.
/// </remarks>
public sealed class CatalogMove
{
    const int TriesMax = 10;

    static readonly string[] Tables = ["topologies", "operations", "steps"];

    readonly ITopologySource _topology;
    readonly CatalogHome _home;
    readonly Func<ServerSpec, Task<IShardServer>> _open;

    internal CatalogMove(ITopologySource topology, CatalogHome home, Func<ServerSpec, Task<IShardServer>> open) =>
        (_topology, _home, _open) = (topology, home, open);

    /// <summary>Moves it; nothing happens if it is there.</summary>
    /// <param name="to">A server of the topology.</param>
    /// <param name="by">Who, and why.</param>
    /// <param name="cancellation">Ends it before it is published, and nothing has changed then.</param>
    /// <returns>The map in use then.</returns>
    /// <exception cref="PinfoldException">
    /// NotFound: there is no such server. Conflict: an operation has not ended, whose ledger is in the catalog; or
    /// others publish all the time. Invalid: this topology has no catalog. Unavailable: a server does not answer.
    /// </exception>
    public async Task<TopologyMap> MoveAsync(string to, Authorship by, CancellationToken cancellation = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var map = await _topology.RefreshAsync(cancellation);
            var spec = map.GetServer(to);
            if (map.CatalogServer == spec)
                return map;
            if (await FindUnendedAsync(map, cancellation) is { } operation)
                throw new PinfoldException(ErrorKind.Conflict,
                    $"Operation {operation} has not ended, and its ledger is in the catalog: end or cancel it first.");
            try
            {
                await TryMoveAsync(map, spec, by, cancellation);
                return await _topology.RefreshAsync(cancellation);
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict && attempt < TriesMax)
            {
                // Somebody has published, or begun an operation: what is there is written anew, or refused.
            }
        }
    }

    async Task TryMoveAsync(TopologyMap map, ServerSpec spec, Authorship by, CancellationToken cancellation)
    {
        var source = await _home.GetAsync(map, cancellation);
        var next = map.WithCatalog(spec.Name);
        await using var server = await _open(spec);
        await server.Admin.ProbeAsync(cancellation);
        var target = server.Catalog;
        List<CatalogStatement> statements =
        [
            .. Tables.Append("claims").Select(table => new CatalogStatement(
                $"DELETE FROM {target.Before}{table}", [], Rows: null)),
            .. await CopyAsync(source, target, cancellation),
        ];
        if (await target.ChangeAsync(statements, cancellation) is not null)
            throw new PinfoldException(ErrorKind.Conflict, $"The catalog on {spec.Name} was changed meanwhile.");
        await new TopologyVersions(target).PublishAsync(map, next, by, [], cancellation);
        await new TopologyVersions(source).PublishAsync(
            map, next, by, OperationLedger.GuardsOfMove(source, spec.Name), cancellation);
    }

    async ValueTask<string?> FindUnendedAsync(TopologyMap map, CancellationToken cancellation) =>
        (await new OperationLedger(await _home.GetAsync(map, cancellation))
            .ListAsync(withEnded: false, limit: 1, cancellation)).FirstOrDefault()?.Id;

    /// <summary>Statements that write what the source has.</summary>
    static async ValueTask<List<CatalogStatement>> CopyAsync(
        ICatalogDatabase source, ICatalogDatabase target, CancellationToken cancellation)
    {
        var statements = new List<CatalogStatement>();
        foreach (var table in Tables)
            statements.AddRange(await source.QueryAsync(
                $"SELECT * FROM {source.Before}{table}", [], row => Insert(row, $"{target.Before}{table}"),
                cancellation));
        return statements;
    }

    static CatalogStatement Insert(DbDataReader row, string table)
    {
        var columns = Enumerable.Range(0, row.FieldCount).ToList();
        return new CatalogStatement(
            $"INSERT INTO {table}({string.Join(',', columns.Select(row.GetName))})"
            + $"VALUES({string.Join(',', columns.Select(i => $"@p{i}"))})",
            columns.ConvertAll(i => row.IsDBNull(i) ? null : row.GetValue(i)));
    }
}
