namespace Pinfold.Testing.Servers;

/// <summary>Redis 7 as Debian packages it: alone, a replica, or a node of a cluster.</summary>
public sealed class RedisServer : ProgramServer
{
    readonly RedisServerOptions _options;

    RedisServer(RedisServerOptions options) : base(new RedisProgram(options)) => _options = options;

    public static async Task<RedisServer> StartAsync(RedisServerOptions? options = null)
    {
        var server = new RedisServer(options ?? new());
        await server.StartAsNewAsync();
        return server;
    }

    /// <summary>Host and port, as a topology has it.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Sends one command past any client; the first line of the answer, with its mark.</summary>
    public Task<string> AskAsync(params string[] command) => RedisWire.AskAsync(Port, _options.Password, command);
}
