using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Cli.Shard;
using Pinfold.Sharding;
using Pinfold.Sharding.Topology;
using Pinfold.Sharding.Verification;

namespace Pinfold.Cli.Verify;

/// <summary><c>pinfold verify</c>: compares what shards say with one another, and puts right what is derived.</summary>
static class VerifyCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var json = OutputOption.Create();
        var shards = new Option<string?>("--shards")
        {
            Description = "Only these shards, such as 0-15 or 0-3,7.",
            HelpName = "SHARDS",
        };
        var server = new Option<string?>("--server")
        {
            Description = "Only the shards of this server.",
            HelpName = "NAME",
        };
        var rows = new Option<int>("--rows-per-second")
        {
            Description = "How many rows are read a second at most; 0 for no limit.",
            DefaultValueFactory = _ => 0,
            HelpName = "N",
        };
        var lag = new Option<int>("--wait")
        {
            Description = "How many seconds followers are waited for that do not go on.",
            DefaultValueFactory = _ => (int)new VerifyOptions().LagMax.TotalSeconds,
            HelpName = "SECONDS",
        };
        var repair = new Option<bool>("--repair")
        {
            Description = "Show what can be put right: counts, reverses, old reservations. With --yes, do it.",
        };
        var yes = new Option<bool>("--yes") { Description = "Have --repair write what it shows." };
        var command = new Command(
            "verify", "Compares what shards say with one another, while they are read and written.")
        {
            shards, server, rows, lag, repair, yes, json,
        };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
        {
            if (parsed.GetValue(yes) && !parsed.GetValue(repair))
                throw new PinfoldException(ErrorKind.Invalid, "--yes goes with --repair: it has it write.");
            var verifier = services.GetRequiredService<FleetVerifier>();
            var map = await services.GetRequiredService<ITopologySource>().RefreshAsync(token);
            var options = new VerifyOptions
            {
                RowsPerSecond = parsed.GetValue(rows),
                LagMax = TimeSpan.FromSeconds(parsed.GetValue(lag)),
            };
            var report = await VerifyAsync(
                verifier, Chosen(map, parsed.GetValue(shards), parsed.GetValue(server)), options, token);
            IReadOnlyList<RepairedFinding>? repaired =
                parsed.GetValue(yes) && report.IsWhole ? await RepairAsync(verifier, report, token) : null;
            VerifyOutput.Write(report, repaired, parsed.GetValue(repair), parsed.GetValue(json));
            return ExitCode(report, repaired);
        }, cancellation, changesShards: parsed.GetValue(yes)));
        return command;
    }

    static IReadOnlyList<ShardId> Chosen(TopologyMap map, string? shards, string? server) => (shards, server) switch
    {
        ({ } which, null) => ShardRangeArgument.ParseList(which),
        (null, { } name) => map.ShardsOn(name),
        (null, null) => [.. Enumerable.Range(0, map.ShardCount).Select(number => new ShardId(number))],
        _ => throw new PinfoldException(ErrorKind.Invalid, "Give --shards or --server, not both."),
    };

    static async Task<FleetReport> VerifyAsync(
        FleetVerifier verifier, IReadOnlyList<ShardId> shards, VerifyOptions options, CancellationToken cancellation)
    {
        var report = default(FleetReport);
        await Progress.RunAsync("Shards", shards.Count, async progress =>
            report = await verifier.VerifyAsync(shards, options, progress, cancellation));
        return report!;
    }

    static async Task<IReadOnlyList<RepairedFinding>> RepairAsync(
        FleetVerifier verifier, FleetReport report, CancellationToken cancellation)
    {
        var repaired = default(IReadOnlyList<RepairedFinding>);
        await Progress.RunAsync("Repairs", report.Shards.Sum(s => s.Findings.Count(f => f.CanBeRepaired)),
            async progress => repaired = await verifier.RepairAsync(report, progress, cancellation));
        return repaired!;
    }

    static int ExitCode(FleetReport report, IReadOnlyList<RepairedFinding>? repaired)
    {
        var right = repaired?.Count(its => its.Problem is null) ?? 0;
        return report switch
        {
            { IsWhole: false } => ExitCodes.Interrupted,
            { Faults: var faults } when faults > right => ExitCodes.Corrupt,
            { NotJudged: > 0 } => ExitCodes.Unavailable,
            _ => ExitCodes.Done,
        };
    }
}
