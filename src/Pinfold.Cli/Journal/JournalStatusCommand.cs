using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Follower;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Retention;
using Pinfold.Sharding.Topology;

namespace Pinfold.Cli.Journal;

/// <summary>
/// <c>pinfold journal status</c>: how much there is of the journals, how much of it could go, and what holds the rest.
/// </summary>
static class JournalStatusCommand
{
    public static Command Create()
    {
        var (installation, journals, json) = (new InstallationOptions(), new JournalOptions(), OutputOption.Create());
        var command = new Command(
            "status", "Shows how much there is of the journals, how much of it could go, and what holds the rest.");
        journals.AddTo(command);
        command.Options.Add(json);
        installation.AddTo(command);
        command.SetAction(
            (parsed, cancellation) => CommandHost.LookAsync(parsed, installation, async (services, token) =>
        {
            var map = await services.GetRequiredService<ITopologySource>().RefreshAsync(token);
            var found = await services.GetRequiredService<JournalTrims>().ReadAsync(
                journals.Shards(parsed, map), journals.Retention(parsed), token);
            var unknown = await services.GetRequiredService<FollowerPlaces>().FindUnknownAsync(token);
            var shown = new ShownJournals(
                [.. journals.NamesSome(parsed) ? found.Select(Listed) : found.GroupBy(s => s.Server).Select(Summed)],
                [.. unknown]);
            if (parsed.GetValue(json))
                OutputOption.WriteJson(shown, CliJson.Default.ShownJournals);
            else
                Write(shown);
            return ExitCodes.Done;
        }, cancellation, FollowerForgetCommand.HasAll));
        return command;
    }

    static ListedJournal Listed(JournalStatus status) => new(
        status.Server, status.Shard.Value, 1, status.First, status.Last, status.Entries, status.Bytes, status.OldestAt,
        status.Slowest, Behind(status), status.Parked, status.Trimmable, status.IsAtLeast, status.TrimmableTo,
        status.HeldBy);

    /// <summary>Of a server, the shard that is the farthest behind stands for what holds it back.</summary>
    static ListedJournal Summed(IGrouping<string, JournalStatus> shards)
    {
        var worst = shards.MaxBy(Behind)!;
        return new ListedJournal(
            shards.Key, null, shards.Count(), null, null, shards.Sum(s => s.Entries), shards.Sum(s => s.Bytes),
            shards.Min(s => s.OldestAt), worst.Slowest, Behind(worst), shards.Sum(s => s.Parked),
            shards.Sum(s => s.Trimmable), shards.Any(s => s.IsAtLeast), null,
            Behind(worst) == 0 ? "" : $"shard {worst.Shard}: {worst.HeldBy}");
    }

    static long Behind(JournalStatus status) =>
        status.Slowest is null ? 0 : Math.Max(0, status.Last - Math.Max(status.SlowestAt, status.First - 1));

    static void Write(ShownJournals shown)
    {
        OutputOption.WriteTable(
            ["server", "shard", "numbers", "transactions", "about", "oldest", "slowest", "behind", "parked", "could go",
                "next is held by"],
            shown.Journals.Select(j => (string[])
            [
                j.Server, j.Shard is { } shard ? $"{shard}" : $"all {j.Shards}",
                j.First is { } first && j.Transactions > 0 ? $"{first}-{j.Last}" : "",
                $"{j.Transactions}", Size(j.Bytes), j.Oldest is { } oldest ? Moment.Of(oldest) : "", j.Slowest ?? "",
                $"{j.Behind}", $"{j.Parked}", $"{j.CouldGo}{(j.CouldGoIsAtLeast ? " or more" : "")}", j.HeldBy,
            ]));
        foreach (var follower in shown.UnknownFollowers)
            Console.WriteLine(
                $"No process that lives has a follower {follower}, and nothing goes that is before it. If "
                + $"none is to have it again, \"pinfold follower forget {follower}\" ends that.");
    }

    static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB");
}
