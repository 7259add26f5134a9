using System.Globalization;

namespace Pinfold.Sharding;

/// <summary>The number of a shard, 0 to 65535: the high bits of every id of an object that lives there.</summary>
public readonly record struct ShardId : IComparable<ShardId>
{
    /// <summary>Names shard <paramref name="value"/>.</summary>
    /// <exception cref="PinfoldException">Invalid: not between 0 and 65535.</exception>
    public ShardId(int value)
    {
        if ((uint)value > ushort.MaxValue)
            throw PinfoldException.Invalid($"{value} is not a shard: a shard is a number from 0 to 65535.");
        Value = (ushort)value;
    }

    /// <summary>The number itself.</summary>
    public ushort Value { get; }

    /// <inheritdoc/>
    public int CompareTo(ShardId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
