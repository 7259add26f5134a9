namespace Pinfold.Testing.Servers;

/// <summary>MariaDB as Debian packages it (<c>mariadb-server</c>).</summary>
public sealed class MariaDbServer : DatabaseServer
{
    MariaDbServer(DatabaseServerOptions options)
        : base("mariadb", options)
    {
    }

    public static async Task<MariaDbServer> StartAsync(DatabaseServerOptions? options = null)
    {
        var version = await Template.RunAsync("mariadbd", ["--version"]);
        var template = await Template.GetAsync("mariadb", version, MakeTemplateAsync);
        var server = new MariaDbServer(options ?? new());
        await Template.CopyAsync(Path.Combine(template, "data"), server.DataPath);
        await server.StartWithUserAsync();
        // Not by --plugin-load-add: Spider runs SQL of its own while it loads, and that needs a server that is up.
        if (server.Options.LoadsSpider)
            await server.ExecuteAsync("INSTALL SONAME 'ha_spider'");
        return server;
    }

    string DataPath => Path.Combine(Folder, "data");

    private protected override IReadOnlyList<string> Command =>
    [
        "mariadbd", "--no-defaults", $"--user={Environment.UserName}", $"--datadir={DataPath}",
        "--bind-address=127.0.0.1", $"--port={Port}", "--socket=server.sock", "--pid-file=server.pid",
        .. CommonArguments,
    ];

    static async Task MakeTemplateAsync(string folder) => await Template.RunAsync("mariadb-install-db",
    [
        "--no-defaults", $"--user={Environment.UserName}", $"--datadir={Path.Combine(folder, "data")}",
        "--auth-root-authentication-method=normal", "--skip-test-db", "--innodb-log-file-size=64M",
    ]);
}
