using System.Globalization;
using System.Text;

namespace Pinfold.Sharding.Topology;

/// <summary>A map as a person looks at it: a bar of all shards, and a line of figures for each server.</summary>
/// <param name="Version">Of the map.</param>
/// <param name="ShardCount">Of the map.</param>
/// <param name="NameShardCount">Of the map.</param>
/// <param name="Databases">Of the map.</param>
/// <param name="Bar">
/// All shards from 0, an equal part in each character: the letter of the server with most shards of that part, in
/// upper case when at least half of those are open for new owners.
/// </param>
/// <param name="Servers">In the order of the map.</param>
public sealed record TopologyDrawing(
    long Version, int ShardCount, int NameShardCount, DatabaseNames Databases, string Bar,
    IReadOnlyList<ServerDrawing> Servers)
{
    /// <summary>The whole drawing as text, lines ended by <c>\n</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"version {Version}, {ShardCount} shards, names on {NameShardCount}");
        if (Servers.Any(server => server.Server is MySqlServerSpec))
            text.Append(CultureInfo.InvariantCulture,
                $", databases {Databases.Server} and {Databases.Of(new ShardId(0))} to ")
                .Append(Databases.Of(new ShardId(ShardCount - 1)));
        text.Append(CultureInfo.InvariantCulture, $"\n0 [{Bar}] {ShardCount - 1}\n");
        var nameWidth = Servers.Max(server => server.Server.Name.Length);
        foreach (var server in Servers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{server.Letter}  {server.Server.Name.PadRight(nameWidth)}  ")
                .Append(CultureInfo.InvariantCulture, $"{server.ShardCount,5} shards {server.SharePercent,5:F1} %  ")
                .Append(CultureInfo.InvariantCulture, $"new owners {server.NewOwnerPercent,5:F1} %  ")
                .Append(server.Server.Location).Append('\n');
            foreach (var range in server.Ranges)
                text.Append(CultureInfo.InvariantCulture, $"     {range.First,5} to {range.Last,5}  ")
                    .Append(CultureInfo.InvariantCulture, $"epoch {range.Epoch}  ")
                    .Append(range.Open ? $"open, weight {range.Weight}" : "closed").Append('\n');
        }
        return text.ToString();
    }

    internal static TopologyDrawing Of(TopologyMap map, int barWidth)
    {
        var letters = map.Servers.Select((server, i) => (server.Name, Letter: (char)('A' + i % 26)))
            .ToDictionary(pair => pair.Name, pair => pair.Letter);
        var newOwnerTotal = map.Ranges.Sum(range => (double)NewOwnerDice.WeightOf(range));
        var ranges = map.Ranges.ToLookup(range => range.Server);
        return new TopologyDrawing(map.Version, map.ShardCount, map.NameShardCount, map.Databases,
            DrawBar(map, letters, Math.Min(barWidth, map.ShardCount)),
            [.. map.Servers.Select(server =>
            {
                var own = ranges[server.Name].ToArray();
                var shards = own.Sum(range => range.ShardCount);
                return new ServerDrawing(letters[server.Name], server, shards, 100.0 * shards / map.ShardCount,
                    100.0 * own.Sum(range => (double)NewOwnerDice.WeightOf(range)) / newOwnerTotal, own);
            })]);
    }

    static string DrawBar(TopologyMap map, Dictionary<string, char> letters, int width) =>
        string.Create(width, (map, letters), static (bar, given) =>
        {
            for (var cell = 0; cell < bar.Length; cell++)
            {
                var first = (int)((long)cell * given.map.ShardCount / bar.Length);
                var end = (int)((cell + 1L) * given.map.ShardCount / bar.Length);
                var most = Enumerable.Range(first, end - first).Select(i => given.map.Shard(new ShardId(i)))
                    .GroupBy(placement => placement.Server.Name).MaxBy(group => group.Count())!;
                var letter = given.letters[most.Key];
                var open = most.Count(shard => shard.Open) * 2 >= most.Count();
                bar[cell] = open ? letter : char.ToLowerInvariant(letter);
            }
        });
}

/// <summary>One server of a <see cref="TopologyDrawing"/>.</summary>
/// <param name="Letter">A to Z in the order of the map; from the 27th server on letters come again.</param>
/// <param name="Server">The server.</param>
/// <param name="ShardCount">How many shards it has; may be 0.</param>
/// <param name="SharePercent">Of all shards.</param>
/// <param name="NewOwnerPercent">Of the new owners that will be placed, by weight of the open shards.</param>
/// <param name="Ranges">Its ranges, ascending.</param>
public sealed record ServerDrawing(char Letter, ServerSpec Server, int ShardCount, double SharePercent,
    double NewOwnerPercent, IReadOnlyList<ShardRange> Ranges);
