using System.Net;
using System.Net.Sockets;
using Pinfold.Lab.State;

namespace Pinfold.Lab.Relays;

/// <summary>The port at which a server is reached, and the connections through it.</summary>
sealed class RelayedPort
{
    readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly Lock _gate = new();
    readonly HashSet<RelayedConnection> _connections = [];
    readonly CancellationToken _cancellation;
    LabServer _server;
    LabState _state;

    /// <exception cref="SocketException">Somebody else has the port.</exception>
    public RelayedPort(LabServer server, LabState state, CancellationToken cancellation)
    {
        (_server, _state, _cancellation) = (server, state, cancellation);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, server.Port));
        _listener.Listen();
        _ = AcceptAsync();
    }

    /// <summary>Takes up what is cut now, for connections that there are and those to come.</summary>
    public void Apply(LabState state)
    {
        lock (_gate)
        {
            (_state, _server) = (state, state.Servers.First(s => s.Name == _server.Name));
            var owners = ReadOwners();
            foreach (var connection in _connections)
                Cut(connection, owners);
        }
    }

    /// <summary>Asked only while a server is cut.</summary>
    ConnectionOwners? ReadOwners() =>
        _state.Servers.Any(s => s.IsCut) ? new ConnectionOwners(_state.Servers) : null;

    /// <summary>Cuts it if its server is cut, or the one that opened it.</summary>
    void Cut(RelayedConnection connection, ConnectionOwners? owners)
    {
        connection.Owner ??= owners?.Find(connection.ClientPort, _server.Port);
        connection.Cut(_server.IsCut
            || _state.Servers.Any(s => s.IsCut && s.Name == connection.Owner));
    }

    async Task AcceptAsync()
    {
        while (!_cancellation.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync(_cancellation);
            }
            catch (SocketException)
            {
                continue; // who knocked has gone
            }
            _ = HandOnAsync(client);
        }
    }

    async Task HandOnAsync(Socket client)
    {
        RelayedConnection connection;
        lock (_gate)
        {
            connection = new RelayedConnection(client, _server.OwnPort);
            _connections.Add(connection);
            Cut(connection, ReadOwners());
        }
        await connection.RunAsync(_cancellation);
        lock (_gate)
            _connections.Remove(connection);
    }
}
