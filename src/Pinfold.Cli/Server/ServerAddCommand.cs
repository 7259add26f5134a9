using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Operation;
using Pinfold.Sharding;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Topology;

namespace Pinfold.Cli.Server;

/// <summary><c>pinfold server add NAME</c>: takes a server into the map, for shards to move to.</summary>
static class ServerAddCommand
{
    static readonly Option<string?> Address = new("--address")
    {
        Description = "Of a MySQL or MariaDB.",
        HelpName = "HOST:PORT",
    };

    static readonly Option<string> User = new("--user")
    {
        Description = "Its account.",
        DefaultValueFactory = _ => "pinfold",
        HelpName = "NAME",
    };

    static readonly Option<string?> PasswordEnv = new("--password-env")
    {
        Description = "The environment variable that has the password, in every process.",
        HelpName = "VARIABLE",
    };

    static readonly Option<FileInfo?> PasswordFile = new("--password-file")
    {
        Description = "The file whose first line is the password, on every machine.",
        HelpName = "FILE",
    };

    static readonly Option<string[]> Replicas = new("--replica")
    {
        Description = "A replica of it; may be given several times.",
        HelpName = "HOST:PORT",
    };

    static readonly Option<TlsMode> Tls = new("--tls")
    {
        Description = "How the connection is kept secret.",
        DefaultValueFactory = _ => TlsMode.Preferred,
    };

    static readonly Option<DirectoryInfo?> Folder = new("--folder")
    {
        Description = "Instead of an address: a folder of SQLite files.",
        HelpName = "FOLDER",
    };

    public static Command Create()
    {
        var options = new OperationOptions();
        var name = new Argument<string>("NAME") { Description = "What it is called from now on." };
        var command = new Command("add", "Takes a server into the map, once it has shown that shards can be on it.")
        {
            name,
        };
        AddTo(command);
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => options.RunAsync(parsed, (services, token) =>
            services.GetRequiredService<TopologyOperations>().PlanAddAsync(
                Read(parsed, parsed.GetValue(name)!), token), cancellation));
        return command;
    }

    /// <summary>What describes a server, as every command that adds one takes it.</summary>
    public static void AddTo(Command command)
    {
        foreach (var option in (Option[])[Address, User, PasswordEnv, PasswordFile, Replicas, Tls, Folder])
            command.Options.Add(option);
    }

    /// <exception cref="PinfoldException">Invalid: it is not said where it is, or said twice.</exception>
    public static ServerSpec Read(ParseResult parsed, string name)
    {
        var (address, folder) = (parsed.GetValue(Address), parsed.GetValue(Folder));
        if (address is null == folder is null)
            throw new PinfoldException(ErrorKind.Invalid,
                "Where the server is has to be said once: --address HOST:PORT for a MySQL or MariaDB, or --folder.");
        if (folder is not null)
            return new SqliteServerSpec(name, folder.FullName);
        var (variable, file) = (parsed.GetValue(PasswordEnv), parsed.GetValue(PasswordFile));
        if (variable is not null && file is not null)
            throw new PinfoldException(ErrorKind.Invalid,
                "The password is read from one place: --password-env or --password-file.");
        return new MySqlServerSpec(name, Parse(address!), parsed.GetValue(User)!)
        {
            Password = variable is not null ? PasswordSource.FromEnvironment(variable)
                : file is not null ? PasswordSource.FromFile(file.FullName) : null,
            Replicas = [.. (parsed.GetValue(Replicas) ?? []).Select(Parse)],
            Tls = parsed.GetValue(Tls),
        };
    }

    static HostPort Parse(string text) =>
        HostPort.TryParse(text, out var address) ? address
        : HostPort.TryParse($"{text}:{MySqlServerSpec.DefaultPort}", out var usual) ? usual
        : throw new PinfoldException(ErrorKind.Invalid,
            $"\"{text}\" is no address of a server: it should be like 10.0.0.1:3306.");
}
