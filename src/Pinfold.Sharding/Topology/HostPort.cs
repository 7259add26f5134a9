using System.Globalization;

namespace Pinfold.Sharding.Topology;

/// <summary>Where a server listens; the host is a name or an address, compared without regard to case.</summary>
/// <remarks>As text <c>db1.example:3306</c>, <c>10.0.0.1:3306</c> or <c>[fd00::1]:3306</c>.</remarks>
public readonly record struct HostPort(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>; an IPv6 address stands in brackets, and the port is never left out.</summary>
    public static bool TryParse(string? text, out HostPort address)
    {
        address = default;
        if (text is null)
            return false;
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture,
            out var port) || port is < 1 or > 65535)
            return false;

        var host = text[..colon];
        var bracketed = host is ['[', .., ']'];
        if (bracketed)
            host = host[1..^1];
        if (!IsHost(host) || bracketed != host.Contains(':'))
            return false;
        address = new HostPort(host, port);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(HostPort other) =>
        Port == other.Port && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Port, StringComparer.OrdinalIgnoreCase.GetHashCode(Host ?? ""));

    /// <inheritdoc/>
    public override string ToString() => Host?.Contains(':') == true
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>CheckHostName takes "[::1]" for an address too; here brackets belong to host:port alone.</summary>
    internal static bool IsHost(string text) =>
        !text.StartsWith('[') && Uri.CheckHostName(text) != UriHostNameType.Unknown;
}
