using System.Net;
using System.Net.Sockets;

namespace Pinfold.Testing.Servers;

/// <summary>A web server in front of another one, as Debian packages it, with a configuration of the test.</summary>
public sealed class ReverseProxyServer : TestServer
{
    readonly string _program;
    readonly Func<ReverseProxyServer, string> _configuration;

    ReverseProxyServer(string program, Func<ReverseProxyServer, string> configuration)
        : base(program) => (_program, _configuration) = (program, configuration);

    /// <summary>Where it speaks without TLS; <see cref="TestServer.Port"/> is where it speaks with it.</summary>
    public int PlainPort { get; } = LoopbackPort.FindFree();

    public static bool HasCaddy =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists($"{folder}/caddy"));

    /// <param name="configuration">The part that says what it serves.</param>
    public static Task<ReverseProxyServer> StartNginxAsync(Func<ReverseProxyServer, string> configuration) =>
        StartAsync("nginx", server => $$"""
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log stderr;
            events { }
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                {{configuration(server)}}
            }
            """);

    /// <inheritdoc cref="StartNginxAsync"/>
    public static Task<ReverseProxyServer> StartCaddyAsync(Func<ReverseProxyServer, string> configuration) =>
        StartAsync("caddy", server => $$"""
            {
                admin off
                auto_https disable_redirects
                storage file_system {{server.Folder}}/caddy
                http_port {{server.PlainPort}}
                https_port {{server.Port}}
            }
            {{configuration(server)}}
            """);

    private protected override IReadOnlyList<string> Command
    {
        get
        {
            var file = Path.Combine(Folder, "configuration");
            File.WriteAllText(file, _configuration(this));
            return _program == "nginx" ? ["nginx", "-p", Folder, "-c", file]
                : ["caddy", "run", "--adapter", "caddyfile", "--config", file];
        }
    }

    private protected override IReadOnlyDictionary<string, string> EnvironmentVariables =>
        new Dictionary<string, string> { ["HOME"] = Folder };

    private protected override async Task<bool> IsReadyAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static async Task<ReverseProxyServer> StartAsync(string program, Func<ReverseProxyServer, string> configuration)
    {
        var server = new ReverseProxyServer(program, configuration);
        await server.StartOnFreePortAsync();
        return server;
    }
}
