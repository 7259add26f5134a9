using System.Globalization;

namespace Pinfold.Sharding;

/// <summary>Shards told as runs of neighbours, as people read them and tables keep them: <c>0-15, 17</c>.</summary>
static class ShardRuns
{
    /// <summary>The runs of these shards, ascending.</summary>
    public static List<(int First, int Last)> Of(IEnumerable<ShardId> shards)
    {
        var runs = new List<(int First, int Last)>();
        foreach (var shard in shards.Order())
            if (runs.Count > 0 && runs[^1].Last >= shard.Value - 1)
                runs[^1] = (runs[^1].First, shard.Value);
            else
                runs.Add((shard.Value, shard.Value));
        return runs;
    }

    /// <summary>Such as <c>0-15, 17</c>; empty for none.</summary>
    public static string Text(IEnumerable<ShardId> shards) => string.Join(", ", Of(shards).Select(run =>
        run.First == run.Last
            ? run.First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{run.First}-{run.Last}")));

    /// <summary>The shards that <see cref="Text"/> told of.</summary>
    /// <exception cref="FormatException">It is no such text.</exception>
    public static IEnumerable<ShardId> Parse(string text)
    {
        foreach (var run in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = run.IndexOf('-', StringComparison.Ordinal);
            var first = ushort.Parse(dash < 0 ? run : run[..dash], NumberStyles.None, CultureInfo.InvariantCulture);
            var last = ushort.Parse(run[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture);
            for (int shard = first; shard <= last; shard++)
                yield return new ShardId(shard);
        }
    }
}
