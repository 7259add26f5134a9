using System.Net;
using System.Net.Sockets;

namespace Pinfold.Pinboard.Tests.Fetching;

/// <summary>
/// A port that answers no attempt to connect, as behind a firewall that drops: its queue is full, and nobody accepts.
/// </summary>
sealed class SwallowingPort : IDisposable
{
    const int FillersMax = 64;

    readonly Socket _listener;
    readonly List<Socket> _fillers = [];

    public SwallowingPort(IPAddress address, int port = 0)
    {
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(address, port));
        _listener.Listen(1);
        while (IsTaken())
        {
        }
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndPoint!;

    public void Dispose()
    {
        _fillers.ForEach(filler => filler.Dispose());
        _listener.Dispose();
    }

    /// <summary>False once an attempt hangs; it is left hanging.</summary>
    bool IsTaken()
    {
        if (_fillers.Count == FillersMax)
            throw new InvalidOperationException($"A queue of one still takes in after {FillersMax}.");
        var filler = new Socket(Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        _fillers.Add(filler);
        try
        {
            filler.Connect(Endpoint);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // On loopback a connection that is taken in is there at once; only one that is not keeps waiting.
            return filler.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectWrite);
        }
    }
}
