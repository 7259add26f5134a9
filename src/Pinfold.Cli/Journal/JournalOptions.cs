using System.CommandLine;
using System.Globalization;
using Pinfold.Cli.Shard;
using Pinfold.Sharding;
using Pinfold.Sharding.Retention;
using Pinfold.Sharding.Topology;

namespace Pinfold.Cli.Journal;

/// <summary>Which journals, and how much of them is kept.</summary>
sealed class JournalOptions
{
    readonly Option<string?> _shard = new("--shard")
    {
        Description = "Only this shard or range, such as 0-15.",
        HelpName = "SHARDS",
    };

    readonly Option<string?> _server = new("--server")
    {
        Description = "Only the shards of this server.",
        HelpName = "NAME",
    };

    readonly Option<string> _keep = new("--keep")
    {
        Description = "How old a transaction has to be to go, such as 7d or 36h; a day at least.",
        DefaultValueFactory = _ => "7d",
        HelpName = "TIME",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_shard);
        command.Options.Add(_server);
        command.Options.Add(_keep);
    }

    /// <summary>Whether shards were named, rather than a server or all.</summary>
    public bool NamesShards(ParseResult parsed) => parsed.GetValue(_shard) is not null;

    /// <summary>Whether some were named, by themselves or as a server's.</summary>
    public bool NamesSome(ParseResult parsed) => NamesShards(parsed) || parsed.GetValue(_server) is not null;

    /// <exception cref="PinfoldException">Invalid: it says what would be right. NotFound: there are none.</exception>
    public IReadOnlyList<ShardId> Shards(ParseResult parsed, TopologyMap map)
    {
        var here = parsed.GetValue(_server) is { } server ? map.ShardsOn(map.GetServer(server).Name) : null;
        if (parsed.GetValue(_shard) is not { } range)
            return here ?? [.. Enumerable.Range(0, map.ShardCount).Select(number => new ShardId(number))];
        var (first, last) = ShardRangeArgument.Parse(range);
        map.Shard(last);
        var named = Enumerable.Range(first.Value, last.Value - first.Value + 1).Select(number => new ShardId(number));
        return [.. here is null ? named : named.Intersect(here)];
    }

    /// <exception cref="PinfoldException">Invalid: it says what would be right.</exception>
    public JournalRetention Retention(ParseResult parsed)
    {
        var text = parsed.GetValue(_keep)!;
        var isTime = int.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None,
            CultureInfo.InvariantCulture, out var count) && count <= 1_000_000 && text[^1] is 'd' or 'h';
        return isTime ? new JournalRetention(text[^1] == 'd' ? TimeSpan.FromDays(count) : TimeSpan.FromHours(count))
            : throw new PinfoldException(ErrorKind.Invalid, $"--keep {text} is no time: 7d and 36h are.");
    }
}
