using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Pinboard.Search;
using Pinfold.Pinboard.Search.Indexing;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Cli.Search;

/// <summary><c>pinfold search verify</c>: compares the search index with the shards, and has it put right.</summary>
static class SearchVerifyCommand
{
    const int ShownMax = 20;

    public static Command Create()
    {
        var installation = new InstallationOptions();
        var search = new SearchOptions();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only tell what differs." };
        var json = OutputOption.Create();
        var command = new Command(
            "verify", "Compares the search index with the shards, object by object, and has what differs put right.")
        {
            dryRun, json,
        };
        search.AddTo(command);
        installation.AddTo(command);
        command.SetAction((parsed, stop) => CommandHost.LookAsync(parsed, installation, async (services, token) =>
        {
            var shards = services.GetRequiredService<ShardedStore>().Topology.ShardCount;
            var verifier = services.GetRequiredService<IndexVerifier>();
            await using var target = await services.GetRequiredService<ISearchEngine>().OpenServingAsync(token);
            var compared = new List<ComparedShard>();
            await Progress.RunAsync("Shards", shards, async progress =>
            {
                for (var shard = 0; shard < shards; shard++)
                {
                    compared.Add(await verifier.CompareAsync(target, new ShardId(shard), token));
                    progress.Report(shard + 1);
                }
            });
            var differences = compared.SelectMany(shard => shard.Differences).ToList();
            var isHealed = !parsed.GetValue(dryRun) && differences.Count > 0;
            if (isHealed)
                await verifier.HealAsync(target, differences, token);
            Write(
                new VerifiedIndex(
                    target.Name, compared.Sum(shard => shard.Objects),
                    [.. differences.Select(d => new VerifiedObject(d.Id.Value, d.What))], isHealed),
                parsed.GetValue(json));
            return differences.Count == 0 || isHealed ? ExitCodes.Done : ExitCodes.Partly;
        }, stop, search.Configure(parsed), changesShards: true));
        return command;
    }

    static void Write(VerifiedIndex verified, bool asJson)
    {
        if (asJson)
        {
            OutputOption.WriteJson(verified, CliJson.Default.VerifiedIndex);
            return;
        }
        Console.WriteLine(
            $"{verified.Objects:N0} objects; {verified.Differences.Count:N0} are in {verified.Index} otherwise than in "
            + "their shards.");
        foreach (var different in verified.Differences.Take(ShownMax))
            Console.WriteLine($"{different.Id} {different.What}");
        if (verified.Differences.Count > ShownMax)
            Console.WriteLine($"These are the first {ShownMax}; with --json you get them all.");
        if (verified.IsPutRight)
            Console.WriteLine("They are written anew: at once, or by the service within seconds.");
    }
}
