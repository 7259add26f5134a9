using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// The sockets of the service, taken before anything is made or started: what cannot be had is told first, and what is
/// printed is what was got.
/// </summary>
sealed class BoundAddresses : IDisposable
{
    const int FreePortTriesMax = 20;

    readonly List<Socket> _sockets = [];
    readonly List<string> _urls = [];

    /// <summary>As a browser takes them.</summary>
    public IReadOnlyList<string> Urls => _urls;

    /// <summary>Takes all of these addresses or none.</summary>
    /// <exception cref="PinfoldException">
    /// Invalid or Unavailable: it names the one that cannot be had, and why.
    /// </exception>
    public static BoundAddresses Take(string urls)
    {
        ListenAddresses.RefuseUnlessRight(urls);
        var bound = new BoundAddresses();
        foreach (var url in urls.Split(';'))
            try
            {
                bound.Take(BindingAddress.Parse(url));
            }
            catch (Exception e)
            {
                bound.Dispose();
                if (e is SocketException or IOException or UnauthorizedAccessException)
                    throw ListenAddresses.Refused(url, e);
                throw;
            }
        return bound;
    }

    public void Configure(KestrelServerOptions kestrel)
    {
        foreach (var socket in _sockets)
            kestrel.Listen(socket.LocalEndPoint!);
    }

    /// <summary>Gives a socket to the server, which then owns it.</summary>
    public Socket Give(EndPoint endpoint)
    {
        var socket = _sockets.First(s => endpoint.Equals(s.LocalEndPoint));
        _sockets.Remove(socket);
        return socket;
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    void Take(BindingAddress address)
    {
        if (address.IsUnixPipe)
        {
            _sockets.Add(UnixSocket.Bind(address.UnixPipePath));
            _urls.Add($"http://unix:{address.UnixPipePath}");
        }
        else if (address.Host is "localhost")
            TakeLoopback(address.Port);
        else
        {
            var host = IPAddress.TryParse(address.Host.Trim('[', ']'), out var one) ? one
                : Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
            var socket = Bind(host, address.Port);
            _sockets.Add(socket);
            _urls.Add($"http://{socket.LocalEndPoint}");
        }
    }

    /// <summary>Both loopback addresses at one port, since a browser may take either; a machine may lack one.</summary>
    void TakeLoopback(int port)
    {
        for (var tries = 1; ; tries++)
        {
            var first = Bind(IPAddress.Loopback, port);
            _sockets.Add(first);
            var taken = ((IPEndPoint)first.LocalEndPoint!).Port;
            try
            {
                if (Socket.OSSupportsIPv6)
                    _sockets.Add(Bind(IPAddress.IPv6Loopback, taken));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse
                && port == 0 && tries < FreePortTriesMax)
            {
                _sockets.Remove(first);
                first.Dispose();
                continue;
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.AddressAlreadyInUse)
            {
                // There is no IPv6 here.
            }
            _urls.Add($"http://localhost:{taken}");
            return;
        }
    }

    static Socket Bind(IPAddress host, int port)
    {
        var socket = new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (host.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(new IPEndPoint(host, port));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
