using System.Text;
using CsCheck;
using Pinfold.Sharding.Topology;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Topology;

public sealed class TopologyProperties
{
    static readonly Gen<ServerSpec[]> Servers =
        from engines in Gen.Bool.Array[1, 6]
        from tls in Gen.Enum<TlsMode>()
        from password in Gen.Int[0, 2]
        from connections in Gen.Int[1, 10_000]
        select engines.Select(ServerSpec (mysql, i) => !mysql
            ? new SqliteServerSpec($"lite{i}", $"/srv/lite{i}")
            : new MySqlServerSpec($"db{i}", new HostPort($"10.0.0.{i}", 3306 + i), "pinfold")
            {
                Tls = tls,
                ConnectionsMax = connections,
                Replicas = [new HostPort($"replica{i}", 3306)],
                Password = password switch
                {
                    0 => null,
                    1 => PasswordSource.FromEnvironment($"DB{i}"),
                    _ => PasswordSource.FromFile($"/run/secrets/db{i}"),
                },
            }).ToArray();

    /// <summary>Ranges ascend, and the first of them is open.</summary>
    static readonly Gen<Parts> AnyParts =
        from version in Gen.Long[1, long.MaxValue]
        from shardCount in Gen.Int[1, 600]
        from nameShards in Gen.Int[1, shardCount]
        from servers in Servers
        from cuts in Gen.Int[0, shardCount - 1].Array[0, 20]
        from rolls in Gen.Select(Gen.Int[0, 5], Gen.Long[1, long.MaxValue], Gen.Bool, Gen.Int[0, 1000]).Array[21]
        select new Parts(version, shardCount, servers, RangesOf(shardCount, servers, cuts, rolls), nameShards);

    static readonly Gen<(int Position, byte Value, int How)[]> Damages =
        Gen.Select(Gen.Int[0, 100_000], Gen.Byte, Gen.Int[0, 2]).Array[1, 4];

    [Fact]
    public void AnyValidTopologyIsReadBackAsItWasWritten() => AnyParts.Sample(parts =>
    {
        var map = Create(parts);

        var again = TopologyFile.Check(map.ToJson(), "/anywhere/topology.json", loaded: map).GetMap();

        again.ToJson().Span.SequenceEqual(map.ToJson().Span).ShouldBeTrue();
        again.Servers.ShouldBe(parts.Servers);
        again.Ranges.ShouldBe(parts.Ranges);
    });

    [Fact]
    public void EachShardHasExactlyOnePlace() => AnyParts.Sample(parts =>
    {
        var map = Create(parts);

        foreach (var range in parts.Ranges)
            for (var shard = range.First.Value; shard <= range.Last.Value; shard++)
                map.Shard(new ShardId(shard)).ShouldBe(
                    new ShardPlacement(map.GetServer(range.Server), range.Epoch, range.Open));
        map.Servers.Sum(server => map.ShardsOn(server.Name).Count).ShouldBe(map.ShardCount);
        map.ServersFor(Enumerable.Range(0, map.ShardCount).Select(i => new ShardId(i)))
            .Sum(group => group.Shards.Count).ShouldBe(map.ShardCount);
    });

    [Fact]
    public void ARangeThatIsTakenOutIsFoundAsAGap() => AnyParts.Where(parts => parts.Ranges.Length > 1)
        .SelectMany(parts => Gen.Int[0, parts.Ranges.Length - 1].Select(index => (parts, index)))
        .Sample(given =>
        {
            var gone = given.parts.Ranges[given.index];
            var left = given.parts.Ranges.Where(range => range != gone).ToArray();

            var refused = Should.Throw<PinfoldException>(() => Create(given.parts with { Ranges = left }));

            var shards = gone.ShardCount == 1 ? $"shard {gone.First} is" : $"shards {gone.First} to {gone.Last} are";
            refused.Message.ShouldContain($"  {shards} on no server");
        });

    [Fact]
    public void ARangeThatGrowsIntoItsNeighbourIsFoundAsAnOverlap() => AnyParts.Where(parts => parts.Ranges.Length > 1)
        .SelectMany(parts => Gen.Int[0, parts.Ranges.Length - 2].Select(index => (parts, index)))
        .Sample(given =>
        {
            var ranges = given.parts.Ranges.ToArray();
            ranges[given.index] = ranges[given.index] with { Last = ranges[given.index + 1].First };

            Should.Throw<PinfoldException>(() => Create(given.parts with { Ranges = ranges }))
                .Message.ShouldContain($"shard {ranges[given.index].Last} is in two ranges");
        });

    [Fact]
    public void NewOwnersGoOnlyToOpenShardsAndByWeight() => Gen.Select(AnyParts, Gen.Int).Sample((parts, seed) =>
    {
        const int picks = 20_000;
        var map = Create(parts);
        var random = new Random(seed);
        var counts = new int[map.ShardCount];
        for (var i = 0; i < picks; i++)
            counts[map.PickShardForNewOwner(random).Value]++;

        var open = parts.Ranges.Where(range => range is { Open: true, Weight: > 0 }).ToArray();
        var total = open.Sum(range => (double)range.Weight * range.ShardCount);
        double chiSquare = 0;
        foreach (var range in open)
        {
            var observed = counts[range.First.Value..(range.Last.Value + 1)].Sum();
            var expected = picks * range.Weight * (double)range.ShardCount / total;
            chiSquare += (observed - expected) * (observed - expected) / expected;
        }
        open.Sum(range => counts[range.First.Value..(range.Last.Value + 1)].Sum()).ShouldBe(picks);
        // Ten standard deviations and more; rare ranges make the tail heavier than the normal one.
        chiSquare.ShouldBeLessThan(open.Length + 10 * Math.Sqrt(2 * open.Length) + 100, $"seed {seed}");
    }, iter: 30);

    [Fact]
    public void ADamagedFileIsReadOrRefusedOnALineThatItHasAndNeverCrashesTheReader() =>
        Gen.Select(AnyParts, Damages).Sample((parts, damages) =>
        {
            var bytes = Create(parts).ToJson().ToArray().ToList();
            foreach (var (position, value, how) in damages)
            {
                var at = position % bytes.Count;
                if (how == 0)
                    bytes[at] = value;
                else if (how == 1)
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, value));
                else
                    bytes.Insert(at, value);
            }

            var check = TopologyFile.Check(bytes.ToArray(), "/srv/topology.json");

            var lines = bytes.Count(b => b == '\n') + 1;
            check.IsValid.ShouldBe(check.Problems.Count == 0);
            check.Problems.ShouldAllBe(problem => problem.Line >= 1 && problem.Line <= lines && problem.Column >= 1);
        }, iter: 2000);

    /// <summary>The arguments of <see cref="TopologyMap.Create"/>.</summary>
    sealed record Parts(
        long Version, int ShardCount, ServerSpec[] Servers, ShardRange[] Ranges, int NameShards);

    static TopologyMap Create(Parts of) =>
        TopologyMap.Create(of.Version, of.ShardCount, of.Servers, of.Ranges.Reverse(), of.NameShards);

    static ShardRange[] RangesOf(int shardCount, ServerSpec[] servers, int[] cuts, (int, long, bool, int)[] rolls)
    {
        var firsts = cuts.Append(0).Distinct().Order().ToArray();
        return [.. firsts.Select((first, i) =>
        {
            var (server, epoch, open, weight) = rolls[i];
            var last = i + 1 < firsts.Length ? firsts[i + 1] - 1 : shardCount - 1;
            return new ShardRange(new ShardId(first), new ShardId(last), servers[server % servers.Length].Name, epoch,
                open || i == 0, i == 0 ? weight + 1 : weight);
        })];
    }
}
