using System.Data.Common;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Catalog;

/// <summary>The versions of the topology that the catalog keeps: each follows one other, and none is changed.</summary>
sealed class TopologyVersions(ICatalogDatabase database)
{
    /// <summary>The newest; 0 where there is none.</summary>
    /// <exception cref="PinfoldException">Unavailable: the catalog does not answer.</exception>
    public async ValueTask<long> ReadNewestAsync(CancellationToken cancellation) => (await database.QueryAsync(
        $"SELECT COALESCE(MAX(version),0) FROM {database.Before}topologies", [], row => row.GetInt64(0), cancellation))
        .FirstOrDefault();

    /// <summary>One of them, or null.</summary>
    /// <exception cref="PinfoldException">Unavailable. Corrupt: what is kept is no topology.</exception>
    public async ValueTask<TopologyVersion?> FindAsync(long version, CancellationToken cancellation) =>
        (await database.QueryAsync(
            $"SELECT version,at,who,why,operation,map FROM {database.Before}topologies WHERE version=@p0", [version],
            Read, cancellation)).FirstOrDefault();

    /// <summary>The newest, newest first.</summary>
    /// <exception cref="PinfoldException">As <see cref="FindAsync"/>.</exception>
    public async ValueTask<IReadOnlyList<TopologyVersion>> ListAsync(int limit, CancellationToken cancellation) =>
        await database.QueryAsync(
            $"SELECT version,at,who,why,operation,map FROM {database.Before}topologies ORDER BY version DESC LIMIT @p0",
            [limit], Read, cancellation);

    /// <summary>
    /// Puts a map in use for all processes, if the newest is the one that it was made from. The first time, that one
    /// is kept too.
    /// </summary>
    /// <param name="before">What it was made from.</param>
    /// <param name="next">Of a greater version.</param>
    /// <param name="by">Who, and why.</param>
    /// <param name="guards">What has to hold in the same moment, or nothing is published.</param>
    /// <param name="cancellation">Ends the waiting; it may be published all the same.</param>
    /// <exception cref="PinfoldException">
    /// Conflict: somebody else has published meanwhile, or the guard does not hold. Invalid: the next cannot follow.
    /// Unavailable: the catalog does not answer, and may have taken it.
    /// </exception>
    public async ValueTask PublishAsync(
        TopologyMap before, TopologyMap next, Authorship by, IReadOnlyList<CatalogStatement> guards,
        CancellationToken cancellation)
    {
        // What is written is read by all processes: so it is checked as they will check it.
        TopologyFile.Check(next.ToJson(), "The topology to be published", before).GetMap();
        var newest = await ReadNewestAsync(cancellation);
        if (newest != 0 && newest != before.Version)
            throw Overtaken(before, newest);
        List<CatalogStatement> statements = [.. guards];
        if (newest == 0)
            statements.Add(Insert(before, previous: 0, new Authorship(by.Who, "as it was before the first change")));
        statements.Add(Insert(next, before.Version, by));
        if (await database.ChangeAsync(statements, cancellation) is { } refused)
            throw refused < guards.Count
                ? new PinfoldException(ErrorKind.Conflict,
                    "The topology was not published: the operation is run by somebody else by now.")
                : Overtaken(before, await ReadNewestAsync(cancellation));
    }

    CatalogStatement Insert(TopologyMap map, long previous, Authorship by) => new(
        $"""
        INSERT INTO {database.Before}topologies(version,previous,at,who,why,operation,map)
          VALUES(@p0,@p1,{database.NowMs},@p2,@p3,@p4,@p5)
        """,
        [map.Version, previous, by.Who, by.Why, by.Operation,
            map.ToJson().ToArray()]);

    PinfoldException Overtaken(TopologyMap before, long newest) => new(ErrorKind.Conflict,
        $"Topology version {newest} was published meanwhile, and this change was made from version {before.Version}: "
        + "nothing was changed. Run it again.");

    TopologyVersion Read(DbDataReader row)
    {
        var check = TopologyFile.Check(
            row.GetFieldValue<byte[]>(5), $"Version {row.GetInt64(0)} in the catalog ({database.Location})");
        return new TopologyVersion(
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
            new Authorship(row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4)),
            check.Map ?? throw new PinfoldException(ErrorKind.Corrupt, check.Describe()));
    }
}

/// <summary>A topology that was published.</summary>
/// <param name="At">When, by the catalog's clock.</param>
/// <param name="By">Who did, and why.</param>
/// <param name="Map">What it says, its version included.</param>
public sealed record TopologyVersion(DateTimeOffset At, Authorship By, TopologyMap Map);

/// <summary>Who changed something, and why.</summary>
/// <param name="Who">A person and their machine: <c>robin@db-tools</c>; up to 255 characters are kept.</param>
/// <param name="Why">In their words, or what was done; up to 1,000 characters are kept.</param>
/// <param name="Operation">The id of the operation that it was a step of; null for none.</param>
public sealed record Authorship(string Who, string Why, string? Operation = null)
{
    const int WhoLengthMax = 255, WhyLengthMax = 1000;

    /// <summary>A person and their machine.</summary>
    public string Who { get; init; } = Who.Cut(WhoLengthMax);

    /// <summary>In their words, or what was done.</summary>
    public string Why { get; init; } = Why.Cut(WhyLengthMax);
}
