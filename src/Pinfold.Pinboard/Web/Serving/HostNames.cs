using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>Which text is a host with or without a port, as the <c>Host</c> header has it (RFC 9110, 7.2).</summary>
static class HostNames
{
    const int LengthMax = 255;

    /// <summary>
    /// A DNS name, an IPv4 address, or an IPv6 address in brackets. RFC 3986 would permit more signs in a name; no name
    /// that can be looked up has them, and in a link they are trouble.
    /// </summary>
    public static bool IsRight(string? text)
    {
        if (text is null or "" || text.Length > LengthMax || !text.All(char.IsAscii))
            return false;
        var end = text[0] == '[' ? text.IndexOf(']', StringComparison.Ordinal) + 1
            : text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? colon : text.Length;
        return IsName(text[..end]) && IsPort(text[end..]);
    }

    static bool IsName(string name) => name is ['[', .. var inner, ']']
        ? IPAddress.TryParse(inner, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            && !inner.Contains('%', StringComparison.Ordinal)
        : Uri.CheckHostName(name) is UriHostNameType.Dns or UriHostNameType.IPv4;

    /// <summary>Nothing, or a colon and a port, which may be empty.</summary>
    static bool IsPort(string text) => text is "" or ":" || (text[0] == ':'
        && int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port is > 0 and <= ushort.MaxValue);
}
