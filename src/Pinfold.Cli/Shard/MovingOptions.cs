using System.CommandLine;
using Pinfold.Sharding.Moving;

namespace Pinfold.Cli.Shard;

/// <summary>How shards are moved, as every command that moves some takes it.</summary>
sealed class MovingOptions
{
    readonly Option<int> _atOnce = new("--at-once")
    {
        Description = "How many are on their way at once.",
        DefaultValueFactory = _ => new MoveOptions().AtOnce,
        HelpName = "N",
    };

    readonly Option<int> _rows = new("--rows-per-second")
    {
        Description = "How many rows are copied or compared a second at most; 0 for no limit.",
        DefaultValueFactory = _ => 0,
        HelpName = "N",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_atOnce);
        command.Options.Add(_rows);
    }

    public MoveOptions Read(ParseResult parsed) =>
        new() { AtOnce = parsed.GetValue(_atOnce), RowsPerSecond = parsed.GetValue(_rows) };
}
