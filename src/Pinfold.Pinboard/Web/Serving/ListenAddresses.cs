using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>Where the service may be told to listen, and what is said when it cannot.</summary>
static class ListenAddresses
{
    const string Right =
        "An address looks like http://127.0.0.1:5080 (or localhost, or * for every interface); several are separated " +
        "by semicolons.";

    /// <summary>What every system takes: a path longer than this cannot be bound (sun_path).</summary>
    const int UnixPathLengthMax = 103;

    /// <summary>Refuses before anything is opened what cannot be listened at, or would mean something else.</summary>
    /// <exception cref="PinfoldException">Invalid: it says what would be right.</exception>
    public static void RefuseUnlessRight(string urls)
    {
        foreach (var url in urls.Split(';'))
            if (ProblemOf(url) is { } problem)
                throw new PinfoldException(
                    ErrorKind.Invalid, $"\"{url}\" is not where one can listen: {problem}. {Right}");
    }

    public static PinfoldException Refused(string urls, Exception e)
    {
        var why = (e as SocketException)?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => "the port is in use",
            SocketError.AccessDenied =>
                "this user may not listen there (ports below 1024 need a privilege; 5080 does not)",
            SocketError.AddressNotAvailable => "this machine does not have that address",
            _ => e.Message.TrimEnd('.'),
        };
        return new PinfoldException(
            ErrorKind.Unavailable, $"It cannot listen at {urls}: {why}. Choose another address with --urls.", e);
    }

    static string? ProblemOf(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return "it is no address";
        }
        if (address.IsNamedPipe)
            return "named pipes are not served; a socket looks like http://unix:/run/pinfold/http";
        if (address.IsUnixPipe)
            return address.UnixPipePath.Length <= UnixPathLengthMax ? null
                : $"a socket's path has at most {UnixPathLengthMax} characters";
        if (!address.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase))
            return "it is served over HTTP; for TLS put a balancer or proxy in front (see --trusted-proxies)";
        if (address.PathBase.Length > 0)
            return "an address to listen at has no path (what all addresses are below is said with --path-base)";
        if (address.Port is < 0 or > ushort.MaxValue)
            return $"ports go from 0 to {ushort.MaxValue}";
        // Any other name would silently be every interface of the machine.
        return address.Host is "localhost" or "*" or "+" || IPAddress.TryParse(address.Host.Trim('[', ']'), out _)
            ? null : $"{address.Host} is a name, and one listens at an address of this machine";
    }
}
