using System.Net;
using System.Net.Sockets;

namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>
/// One TCP connection that all callers share: what they ask while a write is under way leaves together in the next one,
/// and answers are matched by their order, checked by their number. It fails as a whole: a broken socket, a silence
/// longer than the operation timeout or an answer out of the protocol ends it, and every waiting batch with it.
/// </summary>
internal sealed class MemcachedConnection : IThreadPoolWorkItem, IDisposable
{
    const int ReceiveBytes = 32 << 10;

    readonly Lock _gate = new();
    readonly Socket _socket;
    readonly MemcachedRingOptions _options;
    readonly ServerCounters _counters;
    readonly Action<MemcachedConnection, Exception> _failed;
    readonly TimeProvider _time;
    readonly ITimer _watch;
    readonly Queue<MetaBatch> _inFlight = new();
    MetaRequestBuffer _pending = new();
    MetaRequestBuffer _sending = new();
    MetaBatch? _answering;
    uint _nextOpaque;
    uint _nextAnswer;
    int _inFlightCommands;
    bool _isFlushing;
    Exception? _failure;

    MemcachedConnection(
        Socket socket, uint number, MemcachedRingOptions options, ServerCounters counters, TimeProvider time,
        Action<MemcachedConnection, Exception> failed)
    {
        _socket = socket;
        Number = number;
        _options = options;
        _counters = counters;
        _failed = failed;
        _time = time;
        var period = options.OperationTimeout / 4;
        _watch = time.CreateTimer(
            static connection => ((MemcachedConnection)connection!).FailWhenSilent(), this, period, period);
    }

    /// <summary>Of this cache's connections; part of each lease (<see cref="CacheLease"/>).</summary>
    public uint Number { get; }

    /// <summary>Why it failed; null while it works.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Connects; <paramref name="failed"/> is called once, when the connection has failed later.</summary>
    /// <exception cref="SocketException">The server refused or is not there.</exception>
    /// <exception cref="OperationCanceledException">It did not answer in time.</exception>
    public static async Task<MemcachedConnection> OpenAsync(
        EndPoint address, uint number, MemcachedRingOptions options, ServerCounters counters, TimeProvider time,
        Action<MemcachedConnection, Exception> failed, CancellationToken cancellation)
    {
        var socket = address is IPEndPoint ip
            ? new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        var isOpen = false;
        try
        {
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await socket.ConnectAsync(address, cancellation).ConfigureAwait(false);
            isOpen = true;
        }
        finally
        {
            if (!isOpen)
                socket.Dispose();
        }
        var connection = new MemcachedConnection(socket, number, options, counters, time, failed);
        _ = connection.ReadLoopAsync();
        return connection;
    }

    /// <summary>
    /// Queues the batch for the next write; false when the connection has failed or has too much in flight. An urgent
    /// batch passes that limit: an invalidation must not be dropped, and its callers wait, which limits them.
    /// </summary>
    public bool TrySend(MetaBatch batch, bool isUrgent = false)
    {
        bool isIdle;
        lock (_gate)
        {
            if (_failure is not null || (!isUrgent && IsFull(batch.CommandCount)))
                return false;
            isIdle = _inFlightCommands == 0;
            batch.Connection = this;
            batch.SentAt = _time.GetTimestamp();
            batch.Write(_pending, _nextOpaque);
            _nextOpaque += (uint)batch.CommandCount;
            _inFlight.Enqueue(batch);
            _inFlightCommands += batch.CommandCount;
            if (_isFlushing)
                return true;
            _isFlushing = true;
        }
        // Alone, write at once. In company, let the pool do it: callers that are just being woken join that write.
        if (isIdle)
            _ = FlushAsync();
        else
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    void IThreadPoolWorkItem.Execute() => _ = FlushAsync();

    /// <summary>Ends the connection, for the first time it is called; later calls do nothing.</summary>
    public void Fail(Exception cause)
    {
        lock (_gate)
        {
            if (_failure is not null)
                return;
            _failure = cause;
        }
        _watch.Dispose();
        _failed(this, cause);
        _socket.Dispose();
    }

    public void Dispose() => Fail(new ObjectDisposedException(nameof(MemcachedConnection)));

    bool IsFull(int commands) =>
        _inFlightCommands + commands > _options.InFlightCommandsMax || _pending.Length > _options.UnsentBytesMax;

    async Task FlushAsync()
    {
        try
        {
            while (TakePending())
            {
                for (var rest = _sending.Written; !rest.IsEmpty;)
                    rest = rest[await _socket.SendAsync(rest, SocketFlags.None).ConfigureAwait(false)..];
                _sending.Clear();
            }
        }
        catch (Exception cause) when (cause is SocketException or ObjectDisposedException)
        {
            Fail(cause);
        }
    }

    bool TakePending()
    {
        lock (_gate)
        {
            _isFlushing = _pending.Length > 0;
            if (!_isFlushing)
                return false;
            (_pending, _sending) = (_sending, _pending);
            _counters.CountWrite();
            return true;
        }
    }

    async Task ReadLoopAsync()
    {
        var buffer = new byte[ReceiveBytes];
        var parser = new MetaResponseParser(_options.ValueBytesMax);
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None).ConfigureAwait(false);
                if (received == 0)
                    throw new SocketException((int)SocketError.ConnectionReset);
                Consume(parser, buffer.AsSpan(0, received));
            }
        }
        catch (Exception cause) when (cause is SocketException or ObjectDisposedException or MetaProtocolException)
        {
            Fail(cause);
        }
        finally
        {
            FailInFlight();
        }
    }

    /// <summary>Only the reader ends batches: it may be writing an answer while another thread fails.</summary>
    void FailInFlight()
    {
        Dispose();
        lock (_gate)
        {
            while (_inFlight.TryDequeue(out var batch))
                batch.Complete(BatchOutcome.Failed);
        }
    }

    void Consume(MetaResponseParser parser, ReadOnlySpan<byte> input)
    {
        while (parser.TryRead(ref input, out var response))
            Dispatch(in response);
    }

    void Dispatch(in MetaResponse response)
    {
        var batch = _answering ??= NextInFlight();
        if (batch is null)
            throw new MetaProtocolException("The server answered what nobody asked.");
        CheckNumber(in response);
        batch.Accept(in response);
        if (!batch.IsAnswered)
            return;
        lock (_gate)
        {
            _inFlight.Dequeue();
            _inFlightCommands -= batch.CommandCount;
        }
        _answering = null;
        batch.Complete(BatchOutcome.Answered);
    }

    MetaBatch? NextInFlight()
    {
        lock (_gate)
            return _inFlight.TryPeek(out var batch) ? batch : null;
    }

    void CheckNumber(in MetaResponse response)
    {
        var expected = _nextAnswer++;
        if (response.Status == MetaStatus.Refused)
            throw new MetaProtocolException($"The server did not understand a command: {response.Error}");
        // A value under a wrong number would be another key's value; errors and no-ops carry none.
        if (response.Opaque is { } number ? number != expected : response.Status == MetaStatus.Value)
            throw new MetaProtocolException($"The server answered command {response.Opaque} where {expected} was due.");
    }

    void FailWhenSilent()
    {
        lock (_gate)
        {
            if (!_inFlight.TryPeek(out var oldest) || _time.GetElapsedTime(oldest.SentAt) < _options.OperationTimeout)
                return;
        }
        Fail(new TimeoutException($"No answer within {_options.OperationTimeout.TotalMilliseconds} ms"));
    }
}
