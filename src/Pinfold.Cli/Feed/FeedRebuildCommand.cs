using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Feeds.InMemory;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Cli.Feed;

/// <summary><c>pinfold feed rebuild</c>: reads feeds anew from the shards, of one person, a shard, or all.</summary>
static class FeedRebuildCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var name = new Argument<string?>("NAME")
        {
            Description = "The user name.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var shard = new Option<int?>("--shard") { Description = "Of everybody on this shard.", HelpName = "NUMBER" };
        var all = new Option<bool>("--all") { Description = "Of everybody." };
        var json = OutputOption.Create();
        var command = new Command("rebuild",
            "Reads home feeds anew from the shards: one person's, or of a shard or all those who were here lately.")
        {
            name, shard, all, json,
        };
        installation.AddTo(command);
        command.SetAction(
            (parsed, cancellation) => CommandHost.LookAsync(parsed, installation, async (services, token) =>
        {
            RefuseUnlessOne(parsed.GetValue(name), parsed.GetValue(shard), parsed.GetValue(all));
            RefuseInMemory(services.GetRequiredService<IFeedStore>());
            var counts = parsed.GetValue(name) is { } username
                ? await RebuildAsync(services, username, token)
                : await RebuildAsync(services, parsed.GetValue(shard), token);
            if (parsed.GetValue(json))
                OutputOption.WriteJson(
                    new RebuiltFeedCounts(counts.Rebuilt, counts.Failed, counts.Idle),
                    CliJson.Default.RebuiltFeedCounts);
            else
                Console.WriteLine($"{counts.Rebuilt} feeds were read anew, {counts.Failed} could not be; {counts.Idle} "
                    + "people were not here lately, and get theirs when they come.");
            return counts.Failed == 0 ? ExitCodes.Done : ExitCodes.Unavailable;
        }, cancellation));
        return command;
    }

    static async Task<RebuiltFeeds> RebuildAsync(IServiceProvider services, string username, CancellationToken token)
    {
        var user = await services.GetRequiredService<UserService>().GetAsync(username, token);
        return await services.GetRequiredService<FeedRebuilder>().RebuildAsync(user.Id, token)
            ? new RebuiltFeeds(1, 0, 0) : new RebuiltFeeds(0, 1, 0);
    }

    static async Task<RebuiltFeeds> RebuildAsync(IServiceProvider services, int? shard, CancellationToken token)
    {
        var map = services.GetRequiredService<ShardedStore>().Topology;
        if (shard is { } one && (one < 0 || one >= map.ShardCount))
            throw new PinfoldException(ErrorKind.NotFound,
                $"There is no shard {one}: this topology has {map.ShardCount} shards, 0 to {map.ShardCount - 1}.");
        var counts = new RebuiltFeeds(0, 0, 0);
        var rebuilder = services.GetRequiredService<FeedRebuilder>();
        await Progress.RunAsync("Reading feeds anew", null, async progress =>
        {
            var (first, last) = shard is { } only ? (only, only) : (0, map.ShardCount - 1);
            for (var number = first; number <= last; number++)
            {
                var before = counts.Rebuilt;
                counts += await rebuilder.RebuildAsync(
                    new ShardId(number), new Offset(progress, before), token);
            }
        });
        return counts;
    }

    sealed class Offset(ProgressReport progress, long before) : IProgress<long>
    {
        public void Report(long value) => progress.Report(before + value);
    }

    static void RefuseUnlessOne(string? name, int? shard, bool all)
    {
        if ((name is null ? 0 : 1) + (shard is null ? 0 : 1) + (all ? 1 : 0) != 1)
            throw new PinfoldException(
                ErrorKind.Invalid, "Say whose feeds: a user name, or --shard NUMBER, or --all; one of them.");
    }

    static void RefuseInMemory(IFeedStore feeds)
    {
        if (feeds is MemoryFeedStore)
            throw new PinfoldException(ErrorKind.Invalid,
                "Here each process keeps feeds in its own memory, and reads them anew when it starts: there is nothing "
                + "to rebuild. With a Redis for \"feeds\" in the topology there is.");
    }
}
