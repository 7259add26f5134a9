using System.CommandLine;
using System.Globalization;
using Pinfold.Sharding;

namespace Pinfold.Cli.Shard;

/// <summary>Neighbouring shards, as an operator types them: <c>12</c> or <c>0-15</c>.</summary>
static class ShardRangeArgument
{
    public static Argument<string> Create() => new("SHARDS") { Description = "A shard or a range, such as 0-15." };

    /// <exception cref="PinfoldException">Invalid: it is no range; it says what would be right.</exception>
    public static (ShardId First, ShardId Last) Parse(string text)
    {
        var parts = text.Split('-');
        return parts.Length is 1 or 2 && Number(parts[0]) is { } first && Number(parts[^1]) is { } last
            && first.Value <= last.Value
            ? (first, last)
            : throw new PinfoldException(ErrorKind.Invalid,
                $"\"{text}\" is no shard and no range of shards: it should be like 12 or 0-15.");
    }

    /// <summary>Ranges with commas between them, such as <c>0-3,7</c>.</summary>
    public static Argument<string> CreateList() =>
        new("SHARDS") { Description = "Shards and ranges of them, such as 0-15 or 0-3,7." };

    /// <exception cref="PinfoldException">Invalid: one of them is no range; it says what would be right.</exception>
    public static IReadOnlyList<ShardId> ParseList(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Parse)
            .SelectMany(range => Enumerable.Range(range.First.Value, range.Last.Value - range.First.Value + 1))
            .Select(number => new ShardId(number))];

    static ShardId? Number(string text) => ushort.TryParse(
        text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new ShardId(number) : null;
}
