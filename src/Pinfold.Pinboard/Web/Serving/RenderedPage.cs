using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>A page as bytes, compressed once for each way in which it is asked for.</summary>
sealed class RenderedPage(byte[] plain)
{
    readonly ConcurrentDictionary<string, byte[]> _compressed = new();

    /// <summary>Answers with it. For visitors alone: see docs/decisions/0061-what-is-compressed.md.</summary>
    public Task SendAsync(HttpContext http, IResponseCompressionProvider compression)
    {
        var (headers, bytes) = (http.Response.Headers, plain);
        if (compression.CheckRequestAcceptsCompression(http)
            && compression.GetCompressionProvider(http) is { } provider)
        {
            bytes = _compressed.GetOrAdd(provider.EncodingName, _ => Compress(provider));
            headers.ContentEncoding = provider.EncodingName;
        }
        headers.Append("Vary", "Accept-Encoding");
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        return http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    byte[] Compress(ICompressionProvider provider)
    {
        using var compressed = new MemoryStream();
        using (var stream = provider.CreateStream(compressed))
            stream.Write(plain);
        return compressed.ToArray();
    }
}
