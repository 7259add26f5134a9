using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing.Servers;
using Shouldly;

namespace Pinfold.Cli.Tests.Deploy;

/// <summary>
/// A running service behind nginx or Caddy, configured by the file of that name in <c>deploy/</c> with only ports,
/// paths and the certificate replaced.
/// </summary>
sealed class ProxiedSite : IAsyncDisposable
{
    public const string Host = "pins.example.org";

    readonly Place _place;
    ReverseProxyServer? _proxy;

    ProxiedSite(Place place, Served served) => (_place, Served) = (place, served);

    public Served Served { get; }

    public static async Task<ProxiedSite> StartAsync(string program, params string[] options)
    {
        var place = Place.Embedded();
        var served = await Served.StartAsync(place.Words(
        [
            "serve", "--urls", "http://127.0.0.1:0", "--no-fetch", "--trusted-proxies", "127.0.0.1", .. options,
        ]), null, null);
        var site = new ProxiedSite(place, served);
        try
        {
            site._proxy = await StartProxyAsync(program, place, served);
        }
        finally
        {
            if (site._proxy is null)
                await site.DisposeAsync();
        }
        return site;
    }

    static async Task<ReverseProxyServer> StartProxyAsync(string program, Place place, Served served)
    {
        var (certificate, key) = WriteCertificate(place);
        return program == "nginx"
            ? await ReverseProxyServer.StartNginxAsync(server => Replaced(Repository.Read("deploy/nginx.conf"),
                ("127.0.0.1:5080;", $"127.0.0.1:{served.Address.Port};"),
                ("listen 80;", $"listen 127.0.0.1:{server.PlainPort};"), ("listen [::]:80;", ""),
                ("listen 443 ssl http2;", $"listen 127.0.0.1:{server.Port} ssl http2;"),
                ("listen [::]:443 ssl http2;", ""),
                ("/etc/letsencrypt/live/pins.example.org/fullchain.pem", certificate),
                ("/etc/letsencrypt/live/pins.example.org/privkey.pem", key)))
            : await ReverseProxyServer.StartCaddyAsync(_ => Replaced(Repository.Read("deploy/Caddyfile"),
                ("127.0.0.1:5080", $"127.0.0.1:{served.Address.Port}"),
                ("reverse_proxy", $"tls {certificate} {key}\n\treverse_proxy")));
    }

    /// <summary>Somebody's browser; it believes the certificate of this test and follows no redirect.</summary>
    /// <param name="isPlain">Whether it asks without TLS.</param>
    /// <param name="from">The address that it comes from; 127.0.0.1, where the proxy is, unless said otherwise.</param>
    public HttpClient NewClient(bool isPlain = false, string from = "127.0.0.9")
    {
        var port = isPlain ? _proxy!.PlainPort : _proxy!.Port;
        return new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            },
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri(isPlain ? $"http://{Host}" : $"https://{Host}"),
            Timeout = TimeSpan.FromMinutes(3),
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        await Served.DisposeAsync();
        await _place.DisposeAsync();
    }

    static string Replaced(string text, params (string Old, string New)[] parts)
    {
        foreach (var (old, replacement) in parts)
        {
            text.ShouldContain(old, Case.Sensitive);
            text = text.Replace(old, replacement, StringComparison.Ordinal);
        }
        return text;
    }

    static (string Certificate, string Key) WriteCertificate(Place place)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(place["certificate.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(place["key.pem"], key.ExportPkcs8PrivateKeyPem());
        return (place["certificate.pem"], place["key.pem"]);
    }
}
