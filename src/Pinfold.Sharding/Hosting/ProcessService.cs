using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Hosting;

/// <summary>
/// Has the catalog know that this process lives, and what it understands. Nothing waits for that: without the catalog
/// it is told once in the log, and tried again.
/// </summary>
sealed partial class ProcessService(
    FleetProcesses processes, TimeProvider time, ILogger<ProcessService>? log = null) : BackgroundService
{
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(30), Period = TimeSpan.FromSeconds(10);

    /// <summary>Before the first word, so that a start has the processor for itself.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly string _id = Guid.NewGuid().ToString("N");

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await processes.ForgetAsync(_id, cancellationToken);
        }
        catch (PinfoldException)
        {
            // Its lease runs out.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var process = new FleetProcess(
            _id, $"{Environment.MachineName}:{Environment.ProcessId}", ProgramVersion(), ShardFormat.Oldest,
            ShardFormat.Newest, 0, time.GetUtcNow());
        await Task.Delay(Pause, time, stoppingToken);
        var isKnown = true;
        while (true)
        {
            try
            {
                await processes.TellAsync(process, Lease, stoppingToken);
                isKnown = true;
            }
            catch (PinfoldException e)
            {
                if (isKnown && log is not null)
                    NotTold(log, e.Message);
                isKnown = false;
            }
            await Task.Delay(Period, time, stoppingToken);
        }
    }

    static string ProgramVersion() =>
        (Assembly.GetEntryAssembly() ?? typeof(ProcessService).Assembly)
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    [LoggerMessage(130, LogLevel.Warning,
        "The catalog does not know that this process lives, and is told when it answers. {Problem}")]
    static partial void NotTold(ILogger log, string problem);
}
