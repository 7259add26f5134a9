using System.Net.Http.Headers;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// A success: where it came from after redirects, what it says it is, and its body, limited and unpacked.
/// </summary>
internal sealed class GuardedAnswer(Uri url, HttpResponseMessage response, GuardedBody body, FetchDeadline deadline)
    : IDisposable
{
    readonly MediaTypeHeaderValue? _type = response.Content.Headers.ContentType;

    public Uri Url { get; } = url;

    public GuardedBody Body { get; } = body;

    /// <summary>In lower case, without parameters; null when the site does not say.</summary>
    public string? MediaType => _type?.MediaType?.ToLowerInvariant();

    public string? Charset => _type?.CharSet?.Trim('"', '\'', ' ');

    public void Dispose()
    {
        Body.Dispose();
        response.Dispose();
        deadline.Dispose();
    }
}
