using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Says which addresses may be dialled on behalf of a user: only those of the public internet. Source: the IANA IPv4
/// and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates). IPv6 must be global unicast.
/// </summary>
internal static class AddressGuard
{
    static readonly Range[] ForbiddenV4 =
    [
        new("0.0.0.0/8", "an address of \"this network\""),
        new("10.0.0.0/8", "a private address"),
        new("100.64.0.0/10", "a carrier's shared address (CGNAT)"),
        new("127.0.0.0/8", "a loopback address"),
        new("168.63.129.16/32", "a cloud provider's internal address"),
        new("169.254.0.0/16", "a link-local address"),
        new("172.16.0.0/12", "a private address"),
        new("192.0.0.0/24", "an address reserved for protocols"),
        new("192.0.2.0/24", "an address for documentation"),
        new("192.88.99.0/24", "a 6to4 relay's address"),
        new("192.168.0.0/16", "a private address"),
        new("198.18.0.0/15", "an address for benchmarks"),
        new("198.51.100.0/24", "an address for documentation"),
        new("203.0.113.0/24", "an address for documentation"),
        new("224.0.0.0/4", "a multicast address"),
        new("255.255.255.255/32", "the broadcast address"),
        new("240.0.0.0/4", "a reserved address"),
    ];

    // The order matters only for the wording: the first that contains the address names the reason.
    static readonly Range[] ForbiddenV6 =
    [
        new("::/128", "the unspecified address"),
        new("::1/128", "a loopback address"),
        new("::ffff:0:0/96", "an IPv4 address in IPv6 form"),
        new("::ffff:0:0:0/96", "an IPv4 address in IPv6 form"),
        new("::/96", "an IPv4 address in IPv6 form"),
        new("64:ff9b:1::/48", "a local NAT64 address"),
        new("100::/64", "a discard-only address"),
        new("fc00::/7", "a private address (unique local)"),
        new("fe80::/10", "a link-local address"),
        new("fec0::/10", "a private address (site-local)"),
        new("ff00::/8", "a multicast address"),
        new("2001::/32", "a Teredo address"),
        new("2001::/23", "an address reserved for protocols"),
        new("2001:db8::/32", "an address for documentation"),
        new("2002::/16", "a 6to4 address"),
        new("3fff::/20", "an address for documentation"),
    ];

    static readonly Range GlobalUnicast = new("2000::/3", "global unicast");
    static readonly Range Nat64 = new("64:ff9b::/96", "NAT64");

    /// <summary>Why an address may not be dialled, such as "a private address"; null when it may.</summary>
    public static string? Refusal(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return Find(ForbiddenV4, address);
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return "not an internet address";

        // DNS64 networks give these for public IPv4 hosts; the gateway dials what the last 32 bits say.
        if (Nat64.Contains(address))
            return Find(ForbiddenV4, new IPAddress(address.GetAddressBytes().AsSpan(12)));
        return Find(ForbiddenV6, address) ?? (GlobalUnicast.Contains(address) ? null : "a reserved address");
    }

    static string? Find(Range[] ranges, IPAddress address)
    {
        foreach (var range in ranges)
        {
            if (range.Contains(address))
                return range.Reason;
        }

        return null;
    }

    // Bits are compared here, not by IPNetwork.Contains: that takes an IPv4-mapped address for an IPv4 one, and so
    // finds ::ffff:8.8.8.8 inside 2000::/3 and outside ::ffff:0:0/96.
    readonly record struct Range(string Network, string Reason)
    {
        readonly IPNetwork _network = IPNetwork.Parse(Network);

        public bool Contains(IPAddress address)
        {
            var shift = (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - _network.PrefixLength;
            return (Number(address) ^ Number(_network.BaseAddress)) >> shift == 0;
        }

        static UInt128 Number(IPAddress address)
        {
            Span<byte> bytes = stackalloc byte[16];
            bytes.Clear();
            var length = address.AddressFamily == AddressFamily.InterNetwork ? 4 : 16;
            address.TryWriteBytes(bytes[^length..], out _);
            return BinaryPrimitives.ReadUInt128BigEndian(bytes);
        }
    }
}
