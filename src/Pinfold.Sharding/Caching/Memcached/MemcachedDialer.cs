using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>Opens the connections to one server, and sees that a memcached answers on them.</summary>
internal sealed class MemcachedDialer(
    string name, MemcachedRingOptions options, TimeProvider time, ConnectionNumbers numbers)
{
    const int DefaultPort = 11211;

    readonly EndPoint _address = Parse(name);

    public string Name => name;

    public ServerCounters Counters { get; } = new();

    /// <summary>All connections or none; each has <paramref name="patience"/> to be accepted.</summary>
    /// <exception cref="SocketException">It refused, or its name is unknown.</exception>
    /// <exception cref="TimeoutException">It did not accept in time.</exception>
    /// <exception cref="MetaProtocolException">What listens there does not answer as a memcached would.</exception>
    public async Task<MemcachedConnection[]> OpenAllAsync(
        TimeSpan patience, Action<MemcachedConnection, Exception> failed)
    {
        var opened = new List<MemcachedConnection>();
        try
        {
            while (opened.Count < options.ConnectionsPerServer)
            {
                opened.Add(await OpenAsync(patience, failed).ConfigureAwait(false));
                await GreetAsync(opened[^1]).ConfigureAwait(false);
            }
            return [.. opened];
        }
        finally
        {
            if (opened.Count < options.ConnectionsPerServer || opened[^1].Failure is not null)
                opened.ForEach(connection => connection.Dispose());
        }
    }

    async Task<MemcachedConnection> OpenAsync(TimeSpan patience, Action<MemcachedConnection, Exception> failed)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        try
        {
            return await MemcachedConnection
                .OpenAsync(_address, numbers.Next(), options, Counters, time, failed, deadline.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException cause)
        {
            throw new TimeoutException(
                $"It did not accept a connection within {patience.TotalMilliseconds} ms.", cause);
        }
    }

    static async Task GreetAsync(MemcachedConnection connection)
    {
        var greeting = new NoOpBatch();
        if (connection.TrySend(greeting)
            && await greeting.WaitAsync(CancellationToken.None).ConfigureAwait(false) == BatchOutcome.Answered)
            return;
        const string Message = "It accepted a connection, but no memcached 1.6 or later answered on it.";
        throw connection.Failure is TimeoutException
            ? new TimeoutException(Message)
            : new MetaProtocolException(Message);
    }

    static EndPoint Parse(string name)
    {
        var colon = name.LastIndexOf(':');
        var isBare = colon < 0 || name.EndsWith(']');
        var host = (isBare ? name : name[..colon]).Trim('[', ']');
        var port = DefaultPort;
        var isRight = host.Length > 0 && (isBare || int.TryParse(
            name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port));
        if (!isRight || port is < 1 or > IPEndPoint.MaxPort)
            throw PinfoldException.Invalid($"'{name}' is not a Memcached server: write host:port (10.0.0.7:11211).");
        return IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
    }
}
