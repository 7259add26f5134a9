namespace Pinfold.Testing.Servers;

/// <summary>MariaDB as Debian packages it (<c>mariadb-server</c>).</summary>
public sealed class MariaDbServer : DatabaseServer
{
    MariaDbServer(DatabaseServerOptions options)
        : base(new MariaDbProgram(options))
    {
    }

    public static async Task<MariaDbServer> StartAsync(DatabaseServerOptions? options = null)
    {
        options ??= new();
        var server = new MariaDbServer(options);
        await server.StartAsNewAsync();
        // Not by --plugin-load-add: Spider runs SQL of its own while it loads, and that needs a server that is up.
        if (options.LoadsSpider)
            await server.ExecuteAsync("INSTALL SONAME 'ha_spider'");
        return server;
    }
}
