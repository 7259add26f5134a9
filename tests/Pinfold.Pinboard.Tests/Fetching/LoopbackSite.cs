using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pinfold.Pinboard.Fetching;

namespace Pinfold.Pinboard.Tests.Fetching;

/// <summary>A real web server on a free loopback port, ended with the test.</summary>
internal sealed class LoopbackSite : IAsyncDisposable
{
    readonly WebApplication _application;

    LoopbackSite(WebApplication application) => _application = application;

    public IPEndPoint Endpoint => new(IPAddress.Loopback, new Uri(_application.Urls.Single()).Port);

    /// <summary>Options that let this site be reached, and nothing else that is forbidden.</summary>
    public FetchOptions Options => new() { AllowedEndpoints = new HashSet<IPEndPoint> { Endpoint } };

    /// <param name="answer">Answers every request.</param>
    /// <param name="certificate">When given, the site speaks https with it.</param>
    public static async Task<LoopbackSite> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (certificate is not null)
                    listen.UseHttps(certificate);
            });
        });
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(o => o.ShutdownTimeout = TimeSpan.Zero);
        var application = builder.Build();
        application.Run(answer);
        await application.StartAsync();
        return new LoopbackSite(application);
    }

    public string this[string path] => _application.Urls.Single() + path;

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
