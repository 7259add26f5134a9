using System.Net.Sockets;

namespace Pinfold.Testing.Proxy;

/// <summary>
/// Stands before any TCP server (Memcached), counts bytes and bursts, and cuts after a number of bytes.
/// </summary>
public sealed class ByteProxy : TcpProxy
{
    readonly Lock _gate = new();
    long _sent, _received;
    int _bursts;
    (bool IsSent, long BytesLeft, TaskCompletionSource Done)? _armed;

    ByteProxy(int targetPort)
        : base(targetPort)
    {
    }

    public static Task<ByteProxy> StartAsync(int targetPort) => Task.FromResult(new ByteProxy(targetPort));

    /// <summary>Bytes from clients to the server.</summary>
    public long BytesSent => Interlocked.Read(ref _sent);

    /// <summary>Bytes from the server to clients.</summary>
    public long BytesReceived => Interlocked.Read(ref _received);

    /// <summary>
    /// Times that a client sent after the server had spoken last on that connection: its round trips, when it does not
    /// send while it waits.
    /// </summary>
    public int RoundTripCount => Volatile.Read(ref _bursts);

    public void ResetCounts()
    {
        Interlocked.Exchange(ref _sent, 0);
        Interlocked.Exchange(ref _received, 0);
        Interlocked.Exchange(ref _bursts, 0);
        ResetConnectionCount();
    }

    /// <summary>Cuts a connection when clients have sent this many bytes more; the task completes then.</summary>
    public Task CutAfterSent(long bytes) => Arm(isSent: true, bytes);

    /// <summary>Cuts a connection when the server has answered this many bytes more; the task completes then.</summary>
    public Task CutAfterReceived(long bytes) => Arm(isSent: false, bytes);

    /// <summary>
    /// Counts a chunk; gives how much of it may pass, and what to complete after the cut when it may not all.
    /// </summary>
    internal (int Passes, TaskCompletionSource? Cut) Count(int bytes, bool isSent, bool isBurst)
    {
        lock (_gate)
        {
            if (isBurst)
                Interlocked.Increment(ref _bursts);
            Interlocked.Add(ref isSent ? ref _sent : ref _received, bytes);
            if (_armed is not { } armed || armed.IsSent != isSent)
                return (bytes, null);
            if (armed.BytesLeft > bytes)
            {
                _armed = armed with { BytesLeft = armed.BytesLeft - bytes };
                return (bytes, null);
            }
            _armed = null;
            return ((int)armed.BytesLeft, armed.Done);
        }
    }

    Task Arm(bool isSent, long bytes)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _armed = (isSent, bytes, done);
        return done.Task;
    }

    private protected override Relay NewRelay(Socket client, Socket server) => new ByteRelay(this, client, server);
}

sealed class ByteRelay(ByteProxy proxy, Socket client, Socket server) : Relay(proxy, client, server)
{
    volatile bool _serverSpokeLast = true;

    protected override async Task PumpClientAsync(CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        int length;
        while ((length = await Client.ReadAsync(buffer, cancellation)) > 0)
        {
            var (passes, cut) = proxy.Count(length, isSent: true, isBurst: _serverSpokeLast);
            _serverSpokeLast = false;
            await DelayAsync(cancellation);
            await PassAsync(Server, buffer.AsMemory(0, passes), cut, cancellation);
        }
    }

    protected override async Task PumpServerAsync(CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        int length;
        while ((length = await Server.ReadAsync(buffer, cancellation)) > 0)
        {
            var (passes, cut) = proxy.Count(length, isSent: false, isBurst: false);
            _serverSpokeLast = true;
            await PassAsync(Client, buffer.AsMemory(0, passes), cut, cancellation);
        }
    }

    async Task PassAsync(Stream to, Memory<byte> bytes, TaskCompletionSource? cut, CancellationToken cancellation)
    {
        await to.WriteAsync(bytes, cancellation);
        if (cut is null)
            return;
        Close();
        cut.SetResult();
    }
}
