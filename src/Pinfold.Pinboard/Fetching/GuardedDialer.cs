using System.Net;
using System.Net.Sockets;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Opens connections for the HTTP client: resolves once, checks the addresses found, and dials those very addresses,
/// so that no second look-up can lead elsewhere (DNS rebinding). Those that may not be reached are passed over.
/// </summary>
internal sealed class GuardedDialer(FetchOptions options, TimeProvider time)
{
    /// <exception cref="FetchException">Forbidden: no address of this host may be reached.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await options.Resolve(host, cancellation);
        var permitted = found.Where(address => Refusal(address, port) is null).ToArray();
        if (permitted.Length == 0)
            throw found.Length == 0 ? NoAddress(host) : Forbidden(host, found[0], Refusal(found[0], port)!);

        var endpoints = AddressRace.InOrder(permitted).Select(address => new IPEndPoint(address, port)).ToList();
        return await AddressRace.RunAsync(endpoints, DialAsync, time, cancellation);
    }

    /// <summary>
    /// Refuses what the text of an address already tells, with a better message than a failed connection would have.
    /// </summary>
    public void Check(Uri url)
    {
        if (IPAddress.TryParse(url.IdnHost, out var literal) && Refusal(literal, url.Port) is { } refusal)
            throw Forbidden(url.IdnHost, literal, refusal);
        var isKnownPort = options.Ports.Contains(url.Port)
            || options.AllowedEndpoints.Any(endpoint => endpoint.Port == url.Port);
        if (!isKnownPort)
            throw new FetchException(ErrorKind.Forbidden, RefusedPort(url.Port));
    }

    static async Task<NetworkStream> DialAsync(IPEndPoint endpoint, CancellationToken cancellation)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        finally
        {
            if (!socket.Connected)
                socket.Dispose();
        }
    }

    string? Refusal(IPAddress address, int port)
    {
        if (options.AllowedEndpoints.Contains(new IPEndPoint(address, port)))
            return null;
        return AddressGuard.Refusal(address) ?? (options.Ports.Contains(port) ? null : $"asked for on port {port}");
    }

    string RefusedPort(int port) =>
        $"Port {port} is not fetched from; the ports are {string.Join(", ", options.Ports.Order())}.";

    static FetchException Forbidden(string host, IPAddress address, string refusal) => new(ErrorKind.Forbidden,
        host == address.ToString()
            ? $"{host} is {refusal}; only addresses of the public internet are fetched."
            // Not at which: who asks would learn, name by name, how the network within is laid out.
            : $"{host} leads to {refusal}; only addresses of the public internet are fetched.");

    static FetchException NoAddress(string host) =>
        new(ErrorKind.NotFound, $"{host} has no address.") { Outlook = FetchOutlook.HostDown };
}
