using System.Net;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// What a fetch may take, and whom it may reach. Every limit ends the fetch with an error that names it.
/// </summary>
internal sealed record FetchOptions
{
    /// <summary>
    /// Of a page, from the first connection to the last byte, redirects included; again of its images.
    /// </summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>To the headers of one answer, for each hop.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>To one of a host's addresses, with looking them up.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pages that send their readers on count too.</summary>
    public int RedirectsMax { get; init; } = 5;

    public int HeaderKibibytesMax { get; init; } = 32;

    /// <summary>Of a page, unpacked. What follows is not read: what is looked for stands at the top.</summary>
    public int PageBytesMax { get; init; } = 2 * 1024 * 1024;

    /// <summary>Of an image. A larger one is refused.</summary>
    public long ImageBytesMax { get; init; } = 50 * 1024 * 1024;

    /// <summary>Of a page's icon. A larger one is passed over.</summary>
    public long IconBytesMax { get; init; } = 256 * 1024;

    public IReadOnlySet<int> Ports { get; init; } = new HashSet<int> { 80, 443 };

    /// <summary>
    /// Exact address and port pairs that are reached although <see cref="AddressGuard"/> or <see cref="Ports"/> forbid
    /// them. For tests, and for a site of one's own in a private network: everybody who may pin can then read it.
    /// </summary>
    public IReadOnlySet<IPEndPoint> AllowedEndpoints { get; init; } = new HashSet<IPEndPoint>();

    /// <summary>Tells sites who asks; an operator may add an address to write to.</summary>
    public string UserAgent { get; init; } = "Pinfold/0.1 (pinboard; link preview)";

    /// <summary>Finds the addresses of a host name; a seam for the tests of rebinding.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;
}
