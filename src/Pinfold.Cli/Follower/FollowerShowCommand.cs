using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Following;

namespace Pinfold.Cli.Follower;

/// <summary>
/// <c>pinfold follower show NAME</c>: how far one follower is on each shard, and what it has put aside.
/// </summary>
static class FollowerShowCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var name = FollowerArgument.Create();
        var json = OutputOption.Create();
        var command = new Command(
            "show", "Shows how far a follower is on each shard, and what it could not handle, with the reasons.")
        {
            name, json,
        };
        installation.AddTo(command);
        command.SetAction(
            (parsed, cancellation) => CommandHost.LookAsync(parsed, installation, async (services, token) =>
        {
            var follower = parsed.GetValue(name)!;
            var shards = await FollowerArgument.ReadAsync(
                services.GetRequiredService<FollowerStatusReader>(), follower, token);
            var entries = (await services.GetRequiredService<ParkedEntries>().ListAsync(follower, 10_000, token))
                .ToLookup(e => e.IsSkipped, Shown);
            var shown = new ShownFollower(
                follower,
                [.. shards.Select(s => new ShownLag(s.Shard.Value, s.Position, s.JournalEnd, s.Lag, s.Parked))],
                [.. entries[false]], [.. entries[true]]);
            if (parsed.GetValue(json))
                OutputOption.WriteJson(shown, CliJson.Default.ShownFollower);
            else
                Write(shown);
            return ExitCodes.Done;
        }, cancellation));
        return command;
    }

    static ShownEntry Shown(ParkedEntry entry) => new(
        $"{new EntryName(entry.Shard, entry.Seq)}", entry.Attempts, entry.ParkedAt,
        entry.IsSkipped ? null : entry.NextAttemptAt, entry.Reason);

    /// <summary>Lines and not a table below: whole reasons, in a narrow terminal too.</summary>
    static void Write(ShownFollower follower)
    {
        OutputOption.WriteTable(
            ["shard", "at", "journal", "behind", "parked"], follower.Shards.Select(s => (string[])
            [$"{s.Shard}", $"{s.Position}", $"{s.JournalEnd}", $"{s.Lag}", $"{s.Parked}"]));
        foreach (var entry in follower.Parked)
            Console.WriteLine(
                $"{entry.Entry} parked {Moment.Of(entry.ParkedAt)}, tried {entry.Attempts} times, "
                + $"again {Moment.Of(entry.NextAttempt!.Value)}: {Printable(entry.Reason)}");
        foreach (var entry in follower.Skipped)
            Console.WriteLine($"{entry.Entry} parked {Moment.Of(entry.ParkedAt)}, tried "
                + $"{entry.Attempts} times. {Printable(entry.Reason)}");
    }

    /// <summary>Reasons quote what was written by others, and may hold what a terminal obeys.</summary>
    static string Printable(string text) => string.Concat(text.Where(c => !char.IsControl(c)));
}
