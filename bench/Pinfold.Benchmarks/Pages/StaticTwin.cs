using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Pinfold.Benchmarks.Pages;

/// <summary>A server written by hand that answers with bytes that it is given, and does nothing else.</summary>
sealed class StaticTwin : IAsyncDisposable
{
    readonly WebApplication _app;

    StaticTwin(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>The bytes of the last part of a path.</summary>
    public static async Task<StaticTwin> StartAsync(IReadOnlyDictionary<string, byte[]> pages)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var app = builder.Build();
        app.MapGet("/{name}", (string name, HttpContext http) =>
        {
            var bytes = pages[name];
            http.Response.ContentType = "text/html; charset=utf-8";
            http.Response.ContentLength = bytes.Length;
            return http.Response.Body.WriteAsync(bytes).AsTask();
        });
        await app.StartAsync();
        return new StaticTwin(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
