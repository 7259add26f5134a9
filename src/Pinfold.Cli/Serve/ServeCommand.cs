using System.CommandLine;
using Microsoft.Extensions.Logging;
using Pinfold.Cli.Running;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Hosting;
using Pinfold.Pinboard.Web.Serving;

namespace Pinfold.Cli.Serve;

/// <summary><c>pinfold serve</c>: runs the pinboard until it is told to stop.</summary>
static class ServeCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var urls = new Option<string>("--urls")
        {
            Description = "Where it listens; several are separated by semicolons. Port 0 takes a free one.",
            DefaultValueFactory = _ =>
                Environment.GetEnvironmentVariable("PINFOLD_URLS") is { Length: > 0 } set
                    ? set : "http://127.0.0.1:5080",
            HelpName = "URL",
        };
        var noFetch = new Option<bool>("--no-fetch") { Description = "Never fetch anything from the web." };
        var proxies = new Option<string>("--trusted-proxies")
        {
            Description = "Balancers in front of it, whose X-Forwarded-For and X-Forwarded-Proto count: addresses or "
                + "networks (10.0.0.0/24), separated by commas.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("PINFOLD_TRUSTED_PROXIES") ?? "",
            HelpName = "LIST",
        };
        var registration = RegistrationOption.Create();
        var command = new Command("serve", "Runs the pinboard. Without a topology it needs nothing else.")
        {
            urls, proxies, registration, noFetch,
        };
        var budget = new BudgetOptions();
        budget.AddTo(command);
        installation.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var everybody = budget.Read(parsed, Budget.Default);
            var mode = RegistrationOption.Parse(parsed.GetValue(registration)!);
            var trusted = TrustedProxies.Parse(parsed.GetValue(proxies)!);
            await using var opened = await CommandHost.OpenInstallationAsync(parsed, installation, cancellation);
            await PinboardServer.RunAsync(opened, parsed.GetValue(urls)!,
                logging => CommandHost.ConfigureLogging(logging, LogLevel.Information),
                settings =>
                {
                    settings.FetchFromWeb = !parsed.GetValue(noFetch);
                    settings.TrustedProxies = trusted;
                    settings.Budget = everybody;
                    settings.Registration = mode;
                },
                addresses =>
                    Console.WriteLine(
                        $"Pinfold answers at {string.Join(" and ", addresses)} " +
                        $"(data in {opened.DataFolder}). Ctrl-C stops it."),
                cancellation);
            return ExitCodes.Done;
        });
        return command;
    }
}
