using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Pinfold.Sharding;
using IPNetwork = System.Net.IPNetwork;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// Balancers in front of the service: their <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> say who asks and
/// whether over TLS. From anybody else these headers are what a stranger wrote, and count for nothing.
/// </summary>
static class TrustedProxies
{
    /// <summary>Reads addresses and networks, separated by commas.</summary>
    /// <exception cref="PinfoldException">Invalid: it names the one that is neither.</exception>
    public static IReadOnlyList<IPNetwork> Parse(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseOne)];

    /// <summary>First of all, so that everything behind it sees the client. The host is left as it was sent.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder app, IReadOnlyList<IPNetwork> trusted)
    {
        if (trusted.Count == 0)
            return;
        // No limit of hops: from the last one backwards, each has to be trusted for the one before it to count.
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in trusted)
            options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }

    static IPNetwork ParseOne(string text) =>
        IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(text, out var network) ? network
        : throw new PinfoldException(ErrorKind.Invalid,
            $"\"{text}\" is no address and no network of a trusted proxy. One looks like 10.0.0.7, 10.0.0.0/24 or " +
            "fd00::/8; several are separated by commas.");
}
