using System.Diagnostics;

namespace Pinfold.Testing.Servers;

/// <summary>
/// Oracle's MySQL 8, which Debian does not package: the archive below PINFOLD_SHARED, or a <c>mysqld</c> on the PATH
/// that is not MariaDB.
/// </summary>
public sealed class MySqlServer : DatabaseServer
{
    static readonly Lazy<string?> Reason = new(FindReason);

    readonly string? _template;

    MySqlServer(DatabaseServerOptions options, string? template)
        : base("mysql", options) => _template = template;

    /// <summary>Null when <see cref="StartAsync"/> can work here; else what is missing, in a sentence.</summary>
    public static string? WhyNotAvailable => Reason.Value;

    public static async Task<MySqlServer> StartAsync(DatabaseServerOptions? options = null)
    {
        if (WhyNotAvailable is { } reason)
            throw new InvalidOperationException(reason);
        var template = Script is { } script
            ? await Template.GetAsync("mysql", KeyOf(script), MakeFromArchiveAsync)
            : await Template.GetAsync("mysql", await Template.RunAsync("mysqld", ["--version"]), MakeFromPathAsync);
        var server = new MySqlServer(options ?? new(), template);
        await Template.CopyAsync(Path.Combine(template, "data"), Path.Combine(server.Folder, "data"));
        await server.StartWithUserAsync();
        return server;
    }

    static string? Script => SharedData.Root is { } root && Path.Combine(root, "mysql", "mysqld") is var script
        && File.Exists(script) ? script : null;

    private protected override IReadOnlyList<string> Command => Script is { } script
        ? [script, "--port", $"{Port}", "--home", Folder, .. CommonArguments]
        :
        [
            "mysqld", "--no-defaults", $"--user={Environment.UserName}", $"--datadir={Path.Combine(Folder, "data")}",
            "--mysqlx=OFF", "--bind-address=127.0.0.1", $"--port={Port}", "--socket=server.sock",
            "--pid-file=server.pid", .. CommonArguments,
        ];

    /// <summary>The unpacked programs are shared by all servers; each has its own data.</summary>
    private protected override IReadOnlyDictionary<string, string> EnvironmentVariables =>
        new Dictionary<string, string> { ["MYSQL_SERVER"] = Path.Combine(_template ?? Folder, "server") };

    /// <summary>The first start of the archive unpacks it and makes an empty database; that is the template.</summary>
    static async Task MakeFromArchiveAsync(string folder)
    {
        await using var first = new MySqlServer(new(), template: null);
        await first.StartWithUserAsync();
        await first.StopAsync();
        Directory.Move(Path.Combine(first.Folder, "server"), Path.Combine(folder, "server"));
        Directory.Move(Path.Combine(first.Folder, "data"), Path.Combine(folder, "data"));
        DropIdentity(folder);
    }

    static async Task MakeFromPathAsync(string folder)
    {
        await Template.RunAsync("mysqld",
        [
            "--no-defaults", $"--user={Environment.UserName}", $"--datadir={Path.Combine(folder, "data")}",
            "--initialize-insecure",
        ]);
        DropIdentity(folder);
    }

    // Each copy must make a server UUID of its own, or replication between two of them is refused.
    static void DropIdentity(string folder) => File.Delete(Path.Combine(folder, "data", "auto.cnf"));

    static string KeyOf(string script) => string.Join('\n', Directory.GetFiles(Path.GetDirectoryName(script)!)
        .Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {new FileInfo(file).Length}"));

    static string? FindReason()
    {
        if (Script is not null)
            return null;
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, "mysqld")));
        if (onPath && !ReadVersion().Contains("MariaDB", StringComparison.Ordinal))
            return null;
        return $"No MySQL 8 here: set {SharedData.Variable} to the folder that holds mysql/mysqld, "
            + "or put Oracle's mysqld on the PATH (Debian's is MariaDB).";
    }

    static string ReadVersion()
    {
        var start = new ProcessStartInfo("mysqld", "--version") { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        return process.StandardOutput.ReadToEnd();
    }
}
