using Pinfold.Sharding.Topology.Reading;

namespace Pinfold.Sharding.Topology;

/// <summary>Reads "shards": each range by itself, then that they cover every shard once.</summary>
sealed class ShardSection(int? shardCount, ServerSection servers, ProblemList problems)
{
    static readonly string[] Names = ["first", "last", "server", "epoch", "open", "weight"];

    readonly List<ShardRange> _ranges = [];
    readonly List<(int First, int Last, SourceObject Source)> _covered = [];
    bool _boundsAreComplete = true;
    bool _openIsComplete = true;

    /// <summary>Ascending; the ranges that are right by themselves.</summary>
    public ShardRange[] Ranges => [.. _ranges.OrderBy(range => range.First)];

    public void Read(SourceObject root)
    {
        const string right = "a list of ranges: [ { \"first\": …, \"last\": …, \"server\": …, \"epoch\": … } ]";
        if (root.List("shards", right, required: true) is not { } items)
            return;
        if (items.Count == 0)
        {
            var (server, last) = (servers.Names.FirstOrDefault() ?? "…", (shardCount ?? 1) - 1);
            root.Refuse("shards", "\"shards\" is empty: add a range, such as "
                + $"{{ \"first\": 0, \"last\": {last}, \"server\": \"{server}\", \"epoch\": 1 }}.");
            return;
        }
        foreach (var item in items)
            ReadRange(item);
        RefuseOverlapsAndGaps();
        if (_openIsComplete && !_ranges.Any(range => range is { Open: true, Weight: > 0 }))
            root.Refuse("shards", "no shard is open with a weight above 0, so new owners have no place: "
                + "set \"open\": true on a range.");
    }

    void ReadRange(SourceNode item)
    {
        var known = _ranges.Count;
        if (SourceObject.Open(item, "this range", problems) is { } source)
            ReadRange(source);
        else
            _boundsAreComplete = false;
        _openIsComplete &= _ranges.Count > known;
    }

    void ReadRange(SourceObject source)
    {
        source.RefuseUnknown(Names);
        var bounds = ReadBounds(source);
        var server = ReadServer(source);
        var epoch = source.Number("epoch", 1, long.MaxValue, "a whole number from 1 up");
        var open = source.Flag("open", byDefault: true);
        var weight = source.Number("weight", 0, ShardRange.WeightMax,
            $"a whole number from 0 to {ShardRange.WeightMax}", byDefault: 1);
        if (bounds is not { } shards)
        {
            _boundsAreComplete = false;
            return;
        }
        _covered.Add((shards.First, shards.Last, source));
        if (server is not null && epoch is not null && weight is not null)
            _ranges.Add(new ShardRange(new ShardId(shards.First), new ShardId(shards.Last), server, epoch.Value,
                open, (int)weight));
    }

    (int First, int Last)? ReadBounds(SourceObject source)
    {
        const string right = "the number of a shard, from 0 to 65535";
        var first = (int?)source.Number("first", 0, TopologyMap.ShardCountMax - 1, right);
        var last = (int?)source.Number("last", 0, TopologyMap.ShardCountMax - 1, right);
        if (first is null || last is null)
            return null;
        if (first > last)
        {
            source.Refuse("first", $"\"first\" is {first} and \"last\" is {last}: the first comes before the last, "
                + "or is the same.");
            return null;
        }
        if (last >= shardCount)
            source.Refuse(first >= shardCount ? "first" : "last",
                $"{Shards(Math.Max(first.Value, shardCount.Value), last.Value)} not there: shardCount is "
                + $"{shardCount}, so the last shard is {shardCount - 1}.");
        return (first.Value, last.Value);
    }

    string? ReadServer(SourceObject source)
    {
        var server = source.Text("server", "the name of a server in \"servers\"");
        if (server is null || servers.Names.Contains(server))
            return server;
        if (servers.NamesAreComplete && servers.Names.Count > 0)
            source.Refuse("server", $"no server is called {SourceNode.Quote(server)}"
                + NearestName.Suggest(server, servers.Names));
        return null;
    }

    /// <summary>Sweeps the ranges by their first shard; nothing is said of gaps while a range cannot be read.</summary>
    void RefuseOverlapsAndGaps()
    {
        var next = 0;
        (int First, int Last, SourceObject Source)? furthest = null;
        foreach (var range in _covered.OrderBy(range => range.First).ThenBy(range => range.Source.Offset))
        {
            if (furthest is { } other && range.First <= other.Last)
                RefuseOverlap(other, range);
            else if (range.First > next)
                RefuseGap(next, Math.Min(range.First, shardCount ?? range.First) - 1, range.Source);
            if (range.Last >= next)
                (next, furthest) = (range.Last + 1, range);
        }
        if (furthest is { } last && next < shardCount)
            RefuseGap(next, shardCount.Value - 1, last.Source);
    }

    void RefuseGap(int first, int last, SourceObject source)
    {
        if (_boundsAreComplete && first <= last)
            problems.Add(source.Offset, $"{Shards(first, last)} on no server: add a range with \"first\": {first}, "
                + $"\"last\": {last}.");
    }

    void RefuseOverlap((int First, int Last, SourceObject Source) one, (int First, int Last, SourceObject Source) two)
    {
        var (earlier, later) = one.Source.Offset < two.Source.Offset ? (one, two) : (two, one);
        problems.Add(later.Source.Offset,
            $"{Shards(two.First, Math.Min(one.Last, two.Last))} in two ranges: {later.First} to {later.Last} here, "
            + $"and {earlier.First} to {earlier.Last} on line {problems.LineOf(earlier.Source.Offset)}; "
            + "a shard is in one range.");
    }

    static string Shards(int first, int last) => first == last ? $"shard {first} is" : $"shards {first} to {last} are";
}
