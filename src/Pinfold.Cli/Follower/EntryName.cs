using System.Globalization;
using Pinfold.Sharding;

namespace Pinfold.Cli.Follower;

/// <summary>A journal entry as it is written and typed: shard and number, such as 7:1234.</summary>
readonly record struct EntryName(ShardId Shard, long Seq)
{
    /// <exception cref="PinfoldException">Invalid: it says what one looks like.</exception>
    public static EntryName Parse(string text) =>
        text.Split(':') is [var shard, var seq]
            && ushort.TryParse(shard, NumberStyles.None, CultureInfo.InvariantCulture, out var shardNumber)
            && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var seqNumber)
            ? new EntryName(new ShardId(shardNumber), seqNumber)
            : throw new PinfoldException(
                ErrorKind.Invalid, $"\"{text}\" is not an entry: one is a shard and a number, such as 7:1234.");

    public override string ToString() => $"{Shard}:{Seq}";
}
