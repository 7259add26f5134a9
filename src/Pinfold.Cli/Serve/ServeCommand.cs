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
        var proxies = Said("--trusted-proxies", "PINFOLD_TRUSTED_PROXIES", "LIST",
            "Balancers in front of it, whose X-Forwarded-For and X-Forwarded-Proto count: addresses or networks "
            + "(10.0.0.0/24), separated by commas.");
        var publicUrl = Said("--public-url", "PINFOLD_PUBLIC_URL", "URL",
            "Where people reach it, such as https://pins.example.org: links and cookies go by it, whatever a request "
            + "says.");
        var pathBase = Said("--path-base", "PINFOLD_PATH_BASE", "PATH",
            "The path that everything is below, such as /pins; the end of --public-url says it too.");
        var search = new SearchOptions();
        var registration = RegistrationOption.Create();
        var command = new Command("serve", "Runs the pinboard. Without a topology it needs nothing else.")
        {
            urls, publicUrl, pathBase, proxies, registration, noFetch,
        };
        var budget = new BudgetOptions();
        budget.AddTo(command);
        search.AddTo(command);
        installation.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var everybody = budget.Read(parsed, Budget.Default);
            using var stopping = cancellation.Register(() => Supervisor.Tell(Supervisor.Stopping));
            var address = PublicAddress.Parse(parsed.GetValue(publicUrl)!, parsed.GetValue(pathBase)!);
            var mode = RegistrationOption.Parse(parsed.GetValue(registration)!);
            var configureSearch = search.Configure(parsed);
            var trusted = TrustedProxies.Parse(parsed.GetValue(proxies)!);
            await using var opened = await CommandHost.OpenInstallationAsync(
                parsed, installation, cancellation, LogLevel.Information);
            await PinboardServer.RunAsync(opened, parsed.GetValue(urls)!, address,
                logging => CommandHost.ConfigureLogging(logging, LogLevel.Information),
                settings =>
                {
                    settings.FetchFromWeb = !parsed.GetValue(noFetch);
                    settings.TrustedProxies = trusted;
                    settings.Budget = everybody;
                    settings.Registration = mode;
                    configureSearch(settings);
                },
                (addresses, isNew) =>
                {
                    Console.WriteLine(
                        $"Pinfold {Version} answers at {string.Join(" and ", addresses)} "
                        + $"(data in {opened.DataFolder}). Ctrl-C stops it.");
                    if (isNew)
                        Console.WriteLine($"Nobody is here yet: sign up at {address.At(addresses[0])}/sign-up.");
                    Supervisor.Tell(Supervisor.Ready);
                },
                cancellation);
            return ExitCodes.Done;
        });
        return command;
    }

    static string Version => typeof(ServeCommand).Assembly.GetName().Version!.ToString(fieldCount: 3);

    /// <summary>An option that may be left out, or be said by a variable.</summary>
    static Option<string> Said(string name, string variable, string helpName, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(variable) ?? "",
        HelpName = helpName,
    };
}
