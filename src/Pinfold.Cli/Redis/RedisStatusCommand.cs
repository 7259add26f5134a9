using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Redis;

namespace Pinfold.Cli.Redis;

/// <summary>
/// <c>pinfold redis status</c>: the Redis of each role, as its servers say, beside what the role needs.
/// </summary>
static class RedisStatusCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var json = OutputOption.Create();
        var command = new Command(
            "status", "Asks the Redis of each role how it is, and whether it keeps what its role needs.") { json };
        installation.AddTo(command);
        command.SetAction(
            (parsed, cancellation) => CommandHost.LookAsync(parsed, installation, async (services, token) =>
        {
            var all = await services.GetRequiredService<RedisStatusReader>().ReadAsync(token);
            if (parsed.GetValue(json))
                OutputOption.WriteJson([.. all.Select(Listed)], CliJson.Default.ListedRedisArray);
            else
                Write(all);
            return all.Any(status => !status.Answers) ? ExitCodes.Unavailable
                : all.Any(status => status.Complaints.Count > 0) ? ExitCodes.Wrong : ExitCodes.Done;
        }, cancellation));
        return command;
    }

    static ListedRedis Listed(RedisStatus status) => new(
        status.Role.Name, status.Kind, status.Location, RedisStatusReader.Text(status.Role.Needs),
        Keeps(status.Persistence),
        [.. status.Nodes.Select(node => new ListedRedisNode(
            node.Address, Part(node), node.Version, Keeps(node.Persistence), node.UsedBytes, node.LimitBytes,
            node.Eviction, node.Problem))],
        status.Complaints);

    static string? Keeps(RedisPersistence? persistence) =>
        persistence is null ? null : RedisStatusReader.Text(persistence);

    static string Part(RedisNode node) => node.Problem is not null ? "away" : node.IsPrimary ? "primary" : "replica";

    static void Write(IReadOnlyList<RedisStatus> all)
    {
        if (all.Any(status => status.Nodes.Count > 0))
            OutputOption.WriteTable(
                ["role", "kind", "server", "part", "version", "needs", "keeps", "memory", "of", "eviction"],
                from status in all
                from node in status.Nodes
                select (string[])
                [
                    status.Role.Name, status.Kind, node.Address, Part(node), node.Version,
                    RedisStatusReader.Text(status.Role.Needs), RedisStatusReader.Text(node.Persistence),
                    ByteSize.Of(node.UsedBytes), node.LimitBytes == 0 ? "no limit" : ByteSize.Of(node.LimitBytes),
                    node.Eviction,
                ]);
        foreach (var status in all)
            foreach (var complaint in status.Complaints)
                Console.WriteLine($"{status.Role.Name}: {complaint}.");
        foreach (var role in RedisRole.All.Where(role => all.All(status => status.Role != role)))
            Console.WriteLine($"{role.Name}: no Redis is named; each process keeps it in its own memory.");
    }
}
