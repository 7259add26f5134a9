using System.Net.Sockets;
using MySqlConnector;

namespace Pinfold.Testing.Proxy;

/// <summary>
/// Stands before a MySQL or MariaDB server, reads along, counts what costs a round trip, and cuts a connection at an
/// exact place in a command or its reply.
/// </summary>
/// <remarks>It takes TLS and compression out of the server's offer, so a client must not insist on them.</remarks>
public sealed class CuttingProxy : TcpProxy
{
    readonly Lock _gate = new();
    readonly List<ClientCommand> _commands = [];
    readonly List<ArmedCut> _armed = [];
    int _roundTrips;

    CuttingProxy(int targetPort)
        : base(targetPort)
    {
    }

    public static Task<CuttingProxy> StartAsync(int targetPort) => Task.FromResult(new CuttingProxy(targetPort));

    /// <summary>
    /// All commands that clients sent after login, quits and closes included, in the order of arrival.
    /// </summary>
    public IReadOnlyList<ClientCommand> Commands
    {
        get
        {
            lock (_gate)
                return [.. _commands];
        }
    }

    /// <summary>The SQL of all queries and prepares, in the order of arrival.</summary>
    public IReadOnlyList<string> Sql =>
        [.. Commands.Where(command => command.Sql.Length > 0).Select(command => command.Sql)];

    /// <summary>Commands that await a reply.</summary>
    public int CommandCount => Commands.Count(command => command.AwaitsReply);

    /// <summary>
    /// Times that a client had to wait: like <see cref="CommandCount"/>, but commands sent while an earlier reply of
    /// that connection was still owed (pipelined) cost nothing.
    /// </summary>
    public int RoundTripCount
    {
        get
        {
            lock (_gate)
                return _roundTrips;
        }
    }

    public int Count(CommandKind kind) => Commands.Count(command => command.Kind == kind);

    public void ResetCounts()
    {
        lock (_gate)
        {
            _commands.Clear();
            _roundTrips = 0;
        }
        ResetConnectionCount();
    }

    /// <summary>Arms a cut; it takes one connection, once. Several may be armed.</summary>
    public ArmedCut Cut(CutPoint point)
    {
        var cut = new ArmedCut(point);
        lock (_gate)
            _armed.Add(cut);
        return cut;
    }

    /// <summary>Disarms cuts that have not found their command.</summary>
    public void ClearCuts()
    {
        lock (_gate)
            _armed.Clear();
    }

    /// <summary>The connection string of the server, made to lead through this proxy.</summary>
    public string Through(string connectionString) => new MySqlConnectionStringBuilder(connectionString)
    {
        Server = "127.0.0.1",
        Port = (uint)Port,
    }.ConnectionString;

    /// <summary>Counts a command; gives the cut that is to happen at it, if any.</summary>
    internal ArmedCut? Count(ClientCommand command, bool isRoundTrip)
    {
        lock (_gate)
        {
            _commands.Add(command);
            _roundTrips += isRoundTrip ? 1 : 0;
            ArmedCut? taken = null;
            foreach (var cut in _armed)
            {
                if (cut.Takes(command))
                    taken ??= cut;
            }
            if (taken is not null)
                _armed.Remove(taken);
            return taken;
        }
    }

    private protected override Relay NewRelay(Socket client, Socket server) => new MySqlRelay(this, client, server);
}
