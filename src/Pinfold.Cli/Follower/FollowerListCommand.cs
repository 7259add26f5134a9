using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Following;

namespace Pinfold.Cli.Follower;

/// <summary><c>pinfold follower list</c>: how far each follower is behind the journals.</summary>
static class FollowerListCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var json = OutputOption.Create();
        var command = new Command(
            "list", "Lists the followers of the journals: how far behind they are, and what they have put aside.")
        {
            json,
        };
        installation.AddTo(command);
        command.SetAction(
            (parsed, cancellation) => CommandHost.LookAsync(parsed, installation, async (services, token) =>
        {
            var followers = (await services.GetRequiredService<FollowerStatusReader>().ReadAsync(token))
                .GroupBy(s => s.Follower).Select(shards => Listed(shards.Key, [.. shards])).ToArray();
            if (parsed.GetValue(json))
                OutputOption.WriteJson(followers, CliJson.Default.ListedFollowerArray);
            else
                Write(followers, services.GetServices<IFollower>().ToLookup(f => f.Name, f => f.MadeAnewBy));
            return ExitCodes.Done;
        }, cancellation));
        return command;
    }

    static ListedFollower Listed(string name, IReadOnlyList<FollowerStatus> shards)
    {
        var worst = shards.MaxBy(s => s.Lag)!;
        return new ListedFollower(
            name, shards.Count, shards.Sum(s => s.Lag), worst.Lag, worst.Lag == 0 ? null : worst.Shard.Value,
            shards.Sum(s => s.Parked), shards.Min(s => s.NextAttemptAt),
            [.. shards.Where(s => s.JournalBegin is not null)
                .Select(s => new ShownGap(s.Shard.Value, s.Position, s.JournalBegin!.Value))]);
    }

    static void Write(IReadOnlyList<ListedFollower> followers, ILookup<string, string?> ways)
    {
        WriteTable(followers);
        foreach (var follower in followers.Where(f => f.CutOff.Length > 0))
        {
            var (name, first) = (follower.Name, follower.CutOff[0]);
            Console.WriteLine($"{name} has to be made anew ({ways[name].FirstOrDefault() ?? "from the tables"}): the "
                + $"journal of shard {first.Shard} begins at {first.JournalBegin}, for it was trimmed, and it is at "
                + $"{first.Position} ({follower.CutOff.Length} shards in all). Then \"pinfold follower rebuilt "
                + $"{name}\" has it go on.");
        }
    }

    static void WriteTable(IReadOnlyList<ListedFollower> followers) => OutputOption.WriteTable(
        ["follower", "shards", "behind", "most on one shard", "parked", "next attempt"],
        followers.Select(f => (string[])
        [
            f.Name, $"{f.Shards}", $"{f.Lag}", f.WorstShard is { } shard ? $"{f.WorstLag} (shard {shard})" : "",
            $"{f.Parked}", f.NextAttempt is { } next ? Moment.Of(next) : "",
        ]));
}
