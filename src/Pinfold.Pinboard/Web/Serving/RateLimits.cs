using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Pinboard.Redis;
using Pinfold.Pinboard.Users;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// How often one person, or one address, may do what costs something: over all processes where there is a Redis for it,
/// else in each process.
/// </summary>
static class RateLimits
{
    /// <summary>
    /// Passwords are tried at most this often per address, and on devices that know an account per account: who shares
    /// an address with somebody who tries passwords is not held up by that.
    /// </summary>
    public const string SignIns = "sign-ins";

    /// <summary>Changes, per person.</summary>
    public const string Writes = "writes";

    /// <summary>Comments, per person: others read each of them.</summary>
    public const string Comments = "comments";

    /// <summary>Fetches of other sites, per person.</summary>
    public const string Fetches = "fetches";

    /// <summary>Searches, and words that are suggested while somebody types, per person.</summary>
    public const string Searches = "searches";

    /// <summary>Files handed in to be imported, per person: each may be a gigabyte.</summary>
    public const string Imports = "imports";

    /// <summary>Open pages that begin to hear of notifications, per person.</summary>
    public const string Streams = "streams";

    /// <summary>Files of the site map, per address: each is read from many shards.</summary>
    public const string Crawls = "crawls";

    public static IServiceCollection AddLimits(this IServiceCollection services) => services.AddRateLimiter(limiter =>
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.AddPolicy(SignIns, http => Window(http, SignIns, Trying(http), AddressTries.PerMinute));
        limiter.AddPolicy(Writes, http => Window(http, Writes, Person(http), 300));
        limiter.AddPolicy(Comments, http => Window(http, Comments, Person(http), 60));
        limiter.AddPolicy(Fetches, http => Window(http, Fetches, Person(http), 60));
        limiter.AddPolicy(
            Crawls, http => Window(http, Crawls, Origin(http.Connection.RemoteIpAddress), 30));
        limiter.AddPolicy(Searches, http => Window(http, Searches, Person(http), 600));
        limiter.AddPolicy(Streams, http => Window(http, Streams, Person(http), 120));
        limiter.AddPolicy(Imports, http => Window(http, Imports, Person(http), 20));
    });

    /// <summary>
    /// Whom an address stands for: of IPv6 a whole /64, since that is what one subscriber has to choose from.
    /// </summary>
    internal static string Origin(IPAddress? address)
    {
        if (address is null or { AddressFamily: AddressFamily.InterNetwork })
            return $"{address}";
        if (address.IsIPv4MappedToIPv6)
            return $"{address.MapToIPv4()}";
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    static string Trying(HttpContext http) =>
        http.RequestServices.GetRequiredService<SessionCookies>().DeviceOf(http.Request) is { } device
            ? $"a device of {device.Credentials}"
            : Origin(http.Connection.RemoteIpAddress);

    static string Person(HttpContext http) => http.User.Identity?.Name ?? Origin(http.Connection.RemoteIpAddress);

    static RateLimitPartition<string> Window(HttpContext http, string policy, string key, int perMinute)
    {
        var windows = http.RequestServices.GetService<RedisWindows>();
        return RateLimitPartition.Get<string>(key, _ => windows is null
            ? OwnWindow(perMinute) : new SharedWindow(windows, policy, key, perMinute, OwnWindow(perMinute)));
    }

    static SlidingWindowRateLimiter OwnWindow(int perMinute) => new(new SlidingWindowRateLimiterOptions
    {
        PermitLimit = perMinute,
        Window = TimeSpan.FromMinutes(1),
        SegmentsPerWindow = 6,
    });
}
