using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Audit;
using Pinfold.Pinboard.Hosting;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding;
using Pinfold.Sharding.Provisioning;

namespace Pinfold.Cli.Running;

/// <summary>
/// Opens an installation for one command: the same services as <c>serve</c>, without pages; logs go to stderr.
/// </summary>
static class CommandHost
{
    public static ILoggerFactory CreateLoggers(LogLevel least = LogLevel.Warning) =>
        LoggerFactory.Create(logging => ConfigureLogging(logging, least));

    public static void ConfigureLogging(ILoggingBuilder logging, LogLevel least)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console => { console.SingleLine = true; console.TimestampFormat = "HH:mm:ss "; });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(least);
    }

    public static async Task<Installation> OpenInstallationAsync(
        ParseResult parsed, InstallationOptions options, CancellationToken cancellation,
        LogLevel least = LogLevel.Warning)
    {
        using var loggers = CreateLoggers(least);
        OwnFiles.CloseToOthers();
        var installation = await Installation.OpenAsync(
            parsed.GetValue(options.Data)!.FullName, parsed.GetValue(options.Topology)?.FullName, loggers,
                cancellation);
        RedisRole.RefuseUnknown(installation.Topology.Current);
        OwnFiles.KeepTemporaryIn(installation.TemporaryFolder);
        return installation;
    }

    /// <summary>Runs a command's work over the opened installation; shards of a new one are made first.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">Its installation.</param>
    /// <param name="configure">What this command changes about how the pinboard runs.</param>
    /// <param name="work">Gets the services.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public static async Task<int> RunAsync(
        ParseResult parsed, InstallationOptions options, Action<PinboardSettings> configure,
        Func<IServiceProvider, CancellationToken, Task<int>> work, CancellationToken cancellation)
    {
        await using var installation = await OpenInstallationAsync(parsed, options, cancellation);
        installation.RefuseLastKnownGoodCopy();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        ConfigureLogging(builder.Logging, LogLevel.Warning);
        builder.Services.AddPinboard(installation, configure);
        using var host = builder.Build();
        await host.Services.GetRequiredService<ShardProvisioner>().EnsureAsync(null, cancellation);
        await host.StartAsync(cancellation);
        host.Services.GetRequiredService<AuditLog>().Origin = AuditOrigin.CommandLine;
        try
        {
            return await work(host.Services, cancellation);
        }
        finally
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await host.StopAsync(patience.Token);
        }
    }

    /// <summary>Runs a command for which nothing is made, started or waited for before.</summary>
    public static async Task<int> LookAsync(
        ParseResult parsed, InstallationOptions options,
        Func<IServiceProvider, CancellationToken, Task<int>> work, CancellationToken cancellation,
        Action<PinboardSettings>? configure = null, bool changesShards = false)
    {
        // Looking at what is not there would make its folder.
        if (!changesShards && parsed.GetValue(options.Topology) is null
            && parsed.GetValue(options.Data) is { Exists: false } none)
            throw new PinfoldException(ErrorKind.NotFound,
                $"There is no installation in {none.FullName}. \"pinfold serve\" begins one; --data names another.");
        await using var installation = await OpenInstallationAsync(parsed, options, cancellation);
        if (changesShards)
            installation.RefuseLastKnownGoodCopy();
        await using var services = new ServiceCollection()
            .AddLogging(logging => ConfigureLogging(logging, LogLevel.Warning))
            .AddPinboard(installation, settings =>
            {
                configure?.Invoke(settings);
                settings.FollowJournal = false;
            })
            .BuildServiceProvider();
        services.GetRequiredService<AuditLog>().Origin = AuditOrigin.CommandLine;
        return await work(services, cancellation);
    }
}
