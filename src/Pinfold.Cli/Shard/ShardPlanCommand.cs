using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Moving;

namespace Pinfold.Cli.Shard;

/// <summary><c>pinfold shard plan</c>: how shards lie on servers, and what would be better; nothing is done.</summary>
static class ShardPlanCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var json = OutputOption.Create();
        var command = new Command(
            "plan", "Proposes moves and open ranges from sizes and growth, and says why; nothing is done.") { json };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
            {
                var report = await services.GetRequiredService<ShardBalances>().ReportAsync(token);
                if (parsed.GetValue(json))
                    OutputOption.WriteJson(ShownBalance.Of(report), CliJson.Default.ShownBalance);
                else
                    Write(report);
                return ExitCodes.Done;
            }, cancellation));
        return command;
    }

    static void Write(BalanceReport report)
    {
        var most = Math.Max(1, report.Servers.Max(server => server.Bytes));
        OutputOption.WriteTable(["server", "shards", "open", "MiB", "", "writes a day"], report.Servers.Select(
            server => (string[])[server.Server, Text($"{server.Shards}"), Text($"{server.OpenShards}"),
                Text($"{server.Bytes / 1048576.0:N1}"), new string('█', (int)(20 * server.Bytes / most)),
                Text($"{server.WritesPerDay:N0}")]));
        if (report.Proposals.Count == 0)
        {
            Console.WriteLine("Nothing would be better: servers are alike within a tenth, today and in 90 days.");
            return;
        }
        Console.WriteLine("Better would be:");
        foreach (var proposal in report.Proposals)
        {
            Console.WriteLine($"  pinfold {proposal.Command}");
            Console.WriteLine($"    {proposal.Why}");
        }
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
