using System.Net.Http.Headers;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// A success: where it came from after redirects, what it says it is, and its body, limited and unpacked.
/// </summary>
internal sealed class GuardedAnswer(Uri url, HttpResponseMessage response, GuardedBody body) : IDisposable
{
    readonly MediaTypeHeaderValue? _type = response.Content.Headers.ContentType;
    FetchDeadline? _deadline;

    public Uri Url { get; } = url;

    public GuardedBody Body { get; } = body;

    /// <summary>In lower case, without parameters; null when the site does not say.</summary>
    public string? MediaType => _type?.MediaType?.ToLowerInvariant();

    public string? Charset => _type?.CharSet?.Trim('"', '\'', ' ');

    /// <summary>Where the site sends the reader on, as in a meta element; null when it does not.</summary>
    public string? Refresh =>
        response.Headers.TryGetValues("Refresh", out var values) ? string.Join(',', values) : null;

    /// <summary>The deadline ends with the answer.</summary>
    public void Owns(FetchDeadline deadline) => _deadline = deadline;

    public void Dispose()
    {
        Body.Dispose();
        response.Dispose();
        _deadline?.Dispose();
    }
}
