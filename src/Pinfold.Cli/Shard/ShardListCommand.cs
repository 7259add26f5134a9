using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding;
using Pinfold.Sharding.Moving;
using Pinfold.Sharding.Provisioning;

namespace Pinfold.Cli.Shard;

/// <summary><c>pinfold shard list</c>: each shard as its own row says, asked from its server.</summary>
static class ShardListCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var json = OutputOption.Create();
        var command =
            new Command(
                "list", "Lists the shards as their own rows say: server, epoch, state, how much was written.") { json };
        installation.AddTo(command);
        command.SetAction(
            (parsed, cancellation) => CommandHost.LookAsync(parsed, installation, async (services, token) =>
        {
            var shards = (await services.GetRequiredService<ShardStatusReader>().ReadAsync(token))
                .Select(s => new ListedShard(
                s.Shard.Value, s.Server, s.Epoch, s.Problem is null ? s.State.ToString().ToLowerInvariant() : "unknown",
                s.LastSeq, s.LastLocalId, s.Problem)).ToArray();
            if (parsed.GetValue(json))
                OutputOption.WriteJson(shards, CliJson.Default.ListedShardArray);
            else
            {
                Write(shards);
                await WriteLeftAsync(services.GetRequiredService<ShardMoves>(), token);
            }
            return shards.All(s => s.Problem is null) ? ExitCodes.Done : ExitCodes.Unavailable;
        }, cancellation));
        return command;
    }

    /// <summary>What moves have left on the servers that still answer.</summary>
    static async Task WriteLeftAsync(ShardMoves moves, CancellationToken cancellation)
    {
        try
        {
            foreach (var left in (await moves.ListLeftAsync(cancellation)).GroupBy(l => (l.Server, l.Operation)))
                Console.WriteLine(
                    $"Left on {left.Key.Server} by {left.Key.Operation}, until \"pinfold shard cleanup\": shards "
                    + $"{string.Join(", ", left.Select(l => l.Shard))}.");
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Unavailable)
        {
            // The table says already that a server does not answer.
        }
    }

    /// <summary>A row for each shard that could be read, and below them why others could not.</summary>
    static void Write(IReadOnlyList<ListedShard> shards)
    {
        var read = shards.Where(s => s.Problem is null).ToList();
        if (read.Count > 0)
            OutputOption.WriteTable(
                ["shard", "server", "epoch", "state", "journal", "local ids"], read.Select(s => (string[])
                [$"{s.Shard}", s.Server, $"{s.Epoch}", s.State, $"{s.LastSeq}", $"{s.LastLocalId}"]));
        // One line for neighbours with the same reason: a server that is down has thousands.
        for (var i = 0; i < shards.Count; i++)
        {
            var (first, last) = (shards[i], i);
            if (first.Problem is null)
                continue;
            while (last + 1 < shards.Count
                && (shards[last + 1].Server, shards[last + 1].Problem) == (first.Server, first.Problem))
                last++;
            var which = last == i ? $"Shard {first.Shard}" : $"Shards {first.Shard}-{shards[last].Shard}";
            Console.WriteLine($"{which} on {first.Server}: {first.Problem}");
            i = last;
        }
    }
}
