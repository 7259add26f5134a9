using System.Data.Common;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Catalog;

/// <summary>The processes that serve with this topology, as each tells the catalog of itself.</summary>
public sealed class FleetProcesses
{
    const int TextLengthMax = 255, VersionLengthMax = 64;

    /// <summary>How long the row of a process that is gone is kept, for whoever asks what ran.</summary>
    static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    readonly ITopologySource _topology;
    readonly CatalogHome _home;

    internal FleetProcesses(ITopologySource topology, CatalogHome home) => (_topology, _home) = (topology, home);

    /// <summary>Those that live, by name.</summary>
    /// <remarks>A process that died is listed for up to 30 seconds more; one that just began, after a second.</remarks>
    /// <exception cref="PinfoldException">Invalid: this topology has no catalog. Unavailable.</exception>
    public async Task<IReadOnlyList<FleetProcess>> ListAsync(CancellationToken cancellation = default)
    {
        var database = await _home.GetAsync(_topology.Current, cancellation);
        return await database.QueryAsync(
            $"""
            SELECT id,name,version,format_min,format_max,topology,begun_at FROM {database.Before}processes
              WHERE lease_until>{database.NowMs} ORDER BY name,id
            """, [], Read, cancellation);
    }

    /// <summary>Tells that a process lives, for so long; takes away the rows of those that are long gone.</summary>
    internal async ValueTask TellAsync(FleetProcess process, TimeSpan lease, CancellationToken cancellation)
    {
        if (_topology.Current is not { CatalogServer: not null } map)
            return;
        var database = await _home.GetAsync(map, cancellation);
        if (!database.IsMade)
            return;
        var (table, now) = ($"{database.Before}processes", database.NowMs);
        await database.ChangeAsync(
        [
            new($"DELETE FROM {table} WHERE id=@p0 OR lease_until<{now}-@p1",
                [process.Id, (long)KeptFor.TotalMilliseconds], Rows: null),
            new($"""
                INSERT INTO {table}(id,name,version,format_min,format_max,topology,begun_at,lease_until,beats)
                  VALUES(@p0,@p1,@p2,@p3,@p4,@p5,@p6,{now}+@p7,0)
                """,
                [process.Id, process.Name.Cut(TextLengthMax), process.Version.Cut(VersionLengthMax),
                    process.FormatMin, process.FormatMax, map.Version, process.BegunAt.ToUnixTimeMilliseconds(),
                    (long)lease.TotalMilliseconds]),
        ], cancellation);
    }

    /// <summary>Tells that a process ends.</summary>
    internal async ValueTask ForgetAsync(string id, CancellationToken cancellation)
    {
        if (_topology.Current is not { CatalogServer: not null } map)
            return;
        var database = await _home.GetAsync(map, cancellation);
        if (database.IsMade)
            await database.ChangeAsync(
                [new($"DELETE FROM {database.Before}processes WHERE id=@p0", [id], Rows: null)], cancellation);
    }

    static FleetProcess Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetInt32(4), row.GetInt64(5),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)));
}

/// <summary>A process that serves.</summary>
/// <param name="Id">Never used again.</param>
/// <param name="Name">For a person: <c>machine:process id</c>.</param>
/// <param name="Version">Of the program.</param>
/// <param name="FormatMin">The oldest layout of shards' tables that it understands.</param>
/// <param name="FormatMax">The newest.</param>
/// <param name="TopologyVersion">Which version of the map it used when it last told of itself.</param>
/// <param name="BegunAt">When it began, by its own clock.</param>
public sealed record FleetProcess(
    string Id, string Name, string Version, int FormatMin, int FormatMax, long TopologyVersion,
    DateTimeOffset BegunAt);
