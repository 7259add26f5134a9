namespace Pinfold.Sharding.Topology;

/// <summary>
/// Picks among the open shards by weight. A range is one step of a running total, so a pick is a binary search over
/// ranges, not over shards.
/// </summary>
sealed class NewOwnerDice
{
    readonly ShardRange[] _ranges;
    readonly ulong[] _before;

    public NewOwnerDice(IEnumerable<ShardRange> ranges)
    {
        _ranges = ranges.Where(range => range is { Open: true, Weight: > 0 }).ToArray();
        _before = new ulong[_ranges.Length];
        for (var i = 0; i < _ranges.Length; i++)
        {
            _before[i] = Total;
            Total += WeightOf(_ranges[i]);
        }
    }

    /// <summary>At most 65,536 shards of weight 1,000,000: far from overflow.</summary>
    public ulong Total { get; }

    public static ulong WeightOf(ShardRange range) =>
        range.Open ? (ulong)range.Weight * (ulong)range.ShardCount : 0;

    public ShardId Pick(ulong roll)
    {
        // The high half of the product scales 64 random bits to 0 .. Total-1; its bias is below Total / 2^64.
        var point = Math.BigMul(roll, Total, out _);
        var index = Array.BinarySearch(_before, point);
        if (index < 0)
            index = ~index - 1;
        var range = _ranges[index];
        return new ShardId(range.First.Value + (int)((point - _before[index]) / (ulong)range.Weight));
    }
}
