using System.Net;
using System.Net.Sockets;
using Pinfold.Testing.Servers;

namespace Pinfold.Testing.Proxy;

/// <summary>A loopback port that hands each connection on to a server, and can take it away again.</summary>
public abstract class TcpProxy : IAsyncDisposable
{
    readonly Lock _gate = new();
    readonly HashSet<Relay> _relays = [];
    readonly List<Socket> _parted = [];
    readonly List<Exception> _failures = [];
    Socket? _listener;
    Task _accepting = Task.CompletedTask;
    int _connectionCount;

    private protected TcpProxy(int targetPort)
    {
        TargetPort = targetPort;
        Port = LoopbackPort.FindFree();
        AcceptConnections();
    }

    public int Port { get; }

    /// <summary>Where new connections lead; may be changed.</summary>
    public int TargetPort { get; set; }

    /// <summary>Waited before each batch that a client sends is handed on.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Connections accepted since the start or the last reset of the counts.</summary>
    public int ConnectionCount => Volatile.Read(ref _connectionCount);

    public int OpenConnections
    {
        get
        {
            lock (_gate)
                return _relays.Count;
        }
    }

    /// <summary>New connections are refused, as by a host without the server; open ones carry on.</summary>
    public void RefuseConnections() => Interlocked.Exchange(ref _listener, null)?.Dispose();

    /// <summary>New connections are accepted (again).</summary>
    public void AcceptConnections()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        listener.Listen();
        RefuseConnections();
        _listener = listener;
        _accepting = AcceptAsync(listener);
    }

    /// <summary>Closes every open connection on both sides, now.</summary>
    public void CutAll()
    {
        foreach (var relay in Snapshot())
            relay.Close();
    }

    /// <summary>Closes the server sides that a cut left open, so that the server learns of it.</summary>
    public void DropParted()
    {
        lock (_gate)
        {
            foreach (var socket in _parted)
                socket.Dispose();
            _parted.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        RefuseConnections();
        await _accepting;
        var relays = Snapshot();
        CutAll();
        await Task.WhenAll(relays.Select(relay => relay.Done));
        DropParted();
        GC.SuppressFinalize(this);
        lock (_gate)
        {
            if (_failures.Count > 0)
                throw new AggregateException("The proxy could not follow a connection.", _failures);
        }
    }

    private protected abstract Relay NewRelay(Socket client, Socket server);

    private protected void ResetConnectionCount() => Interlocked.Exchange(ref _connectionCount, 0);

    internal void KeepParted(Socket server)
    {
        lock (_gate)
            _parted.Add(server);
    }

    async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
                _ = HandOnAsync(await listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was closed: connections are refused from here on.
        }
    }

    async Task HandOnAsync(Socket client)
    {
        Interlocked.Increment(ref _connectionCount);
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, TargetPort);
        }
        catch (SocketException)
        {
            client.Dispose();
            server.Dispose();
            return;
        }
        client.NoDelay = server.NoDelay = true;
        var relay = NewRelay(client, server);
        lock (_gate)
            _relays.Add(relay);
        if (await relay.RunAsync() is { } failure)
        {
            lock (_gate)
                _failures.Add(failure);
        }
        lock (_gate)
            _relays.Remove(relay);
    }

    Relay[] Snapshot()
    {
        lock (_gate)
            return [.. _relays];
    }
}
