using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
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
                OutputOption.WriteTable(
                    ["shard", "server", "epoch", "state", "journal", "local ids", ""], Rows(shards));
            return shards.All(s => s.Problem is null) ? ExitCodes.Done : ExitCodes.Unavailable;
        }, cancellation));
        return command;
    }

    /// <summary>A row for each shard; one for all neighbours that cannot be read for the same reason.</summary>
    static IEnumerable<string[]> Rows(IReadOnlyList<ListedShard> shards)
    {
        for (var i = 0; i < shards.Count; i++)
        {
            var (first, last) = (shards[i], i);
            if (first.Problem is null)
            {
                yield return [$"{first.Shard}", first.Server, $"{first.Epoch}", first.State, $"{first.LastSeq}",
                    $"{first.LastLocalId}", ""];
                continue;
            }
            while (last + 1 < shards.Count
                && (shards[last + 1].Server, shards[last + 1].Problem) == (first.Server, first.Problem))
                last++;
            yield return [last == i ? $"{first.Shard}" : $"{first.Shard}-{shards[last].Shard}", first.Server, "", "unknown",
                "", "", first.Problem];
            i = last;
        }
    }
}
