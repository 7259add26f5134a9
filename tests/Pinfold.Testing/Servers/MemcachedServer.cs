namespace Pinfold.Testing.Servers;

/// <summary>Memcached 1.6 as Debian packages it.</summary>
public sealed class MemcachedServer : ProgramServer
{
    MemcachedServer(MemcachedServerOptions options)
        : base(new MemcachedProgram(options))
    {
    }

    public static async Task<MemcachedServer> StartAsync(MemcachedServerOptions? options = null)
    {
        var server = new MemcachedServer(options ?? new());
        await server.StartAsNewAsync();
        return server;
    }

    /// <summary>Host and port, as a ring is configured.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Sends one command past any cache client; the answer up to its first line end.</summary>
    public Task<string> AskAsync(string command) => MemcachedProgram.AskAsync(Port, command);
}
