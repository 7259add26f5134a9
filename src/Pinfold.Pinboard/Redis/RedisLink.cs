using Microsoft.Extensions.Logging;
using Pinfold.Sharding;
using Pinfold.Sharding.Topology;
using StackExchange.Redis;

namespace Pinfold.Pinboard.Redis;

/// <summary>
/// One Redis, as one process speaks to it. It is dialled when first needed, and again when it went away or turned out
/// to be a replica; who asks meanwhile hears at once that it does not answer.
/// </summary>
sealed class RedisLink(RedisSpec spec, string name, RedisMetrics metrics, TimeProvider time, ILogger log)
    : IAsyncDisposable
{
    /// <summary>How long it is left alone after it did not answer.</summary>
    public static readonly TimeSpan RestFor = TimeSpan.FromSeconds(1);

    readonly SemaphoreSlim _dialling = new(1);
    volatile RedisConnection? _connection;
    long _restsSince;
    volatile bool _isDown;
    volatile bool _isDisposed;

    public RedisSpec Spec => spec;

    /// <summary>Whether a request may hold keys of one slot alone.</summary>
    public bool IsCluster => spec is RedisClusterSpec;

    /// <summary>Asks something; what is asked within it at once is one round trip to each node.</summary>
    /// <param name="operation">For metrics.</param>
    /// <param name="ask">Gets the database; may run twice: it sends nothing that must not be sent twice.</param>
    /// <param name="cancellation">Ends the waiting, not what was sent.</param>
    /// <exception cref="RedisUnavailableException">It does not answer, or takes no writes now.</exception>
    public async Task<T> AskAsync<T>(
        string operation, Func<IDatabase, Task<T>> ask, CancellationToken cancellation)
    {
        var connection = await ConnectedAsync(cancellation);
        try
        {
            return await MeasuredAsync(operation, connection, ask, cancellation);
        }
        catch (RedisUnavailableException) when (_connection != connection && !_isDisposed)
        {
            // It was the wrong one: the primary is another by now.
            return await MeasuredAsync(operation, await ConnectedAsync(cancellation), ask, cancellation);
        }
    }

    /// <summary>The nodes that the connection knows of; dials if there is none.</summary>
    /// <exception cref="RedisUnavailableException">None of them answers.</exception>
    public async Task<IReadOnlyList<IServer>> NodesAsync(CancellationToken cancellation) =>
        [.. (await ConnectedAsync(cancellation)).Nodes.GetServers()];

    public async ValueTask DisposeAsync()
    {
        await _dialling.WaitAsync();
        _isDisposed = true;
        if (_connection is { } connection)
            await connection.DisposeAsync();
        _connection = null;
        _dialling.Release();
    }

    async Task<T> MeasuredAsync<T>(
        string operation, RedisConnection connection, Func<IDatabase, Task<T>> ask, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        string? error = null;
        try
        {
            var answer = await ask(connection.Nodes.GetDatabase()).WaitAsync(cancellation);
            if (_isDown)
                Answers();
            return answer;
        }
        catch (Exception e) when (
            e is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException
            // What a connection had not answered when it broke, the client may cancel; the caller has not.
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            error = e.GetType().Name;
            throw await FailedAsync(connection, e);
        }
        finally
        {
            metrics.RoundTrip(name, operation, time.GetElapsedTime(began), error);
        }
    }

    async Task<RedisUnavailableException> FailedAsync(RedisConnection connection, Exception e)
    {
        if (IsReadOnly(e))
            await ForgetAsync(connection);
        else if (e is not RedisServerException)
            Rest(e);
        return Unavailable(e);
    }

    /// <summary>What a deposed primary, or a replica that was taken for one, says to a write.</summary>
    static bool IsReadOnly(Exception e) =>
        e is RedisCommandException || (e is RedisServerException
            && (e.Message.Contains("READONLY", StringComparison.Ordinal)
                || e.Message.StartsWith("MASTERDOWN", StringComparison.Ordinal)));

    async Task<RedisConnection> ConnectedAsync(CancellationToken cancellation)
    {
        if (_isDown && time.GetElapsedTime(Interlocked.Read(ref _restsSince)) < RestFor)
            throw Unavailable(null);
        if (_connection is { } there)
            return there;
        await _dialling.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _connection ??= await RedisDialer.DialAsync(spec, cancellation);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or PinfoldException)
        {
            Rest(e);
            throw Unavailable(e);
        }
        finally
        {
            _dialling.Release();
        }
    }

    async Task ForgetAsync(RedisConnection connection)
    {
        await _dialling.WaitAsync();
        try
        {
            if (_connection != connection)
                return;
            RedisLog.Redials(log, name, spec.Location);
            _connection = null;
        }
        finally
        {
            _dialling.Release();
        }
        await connection.DisposeAsync();
    }

    void Rest(Exception e)
    {
        Interlocked.Exchange(ref _restsSince, time.GetTimestamp());
        if (_isDown)
            return;
        _isDown = true;
        RedisLog.Down(log, name, spec.Location, e.Message);
    }

    void Answers()
    {
        _isDown = false;
        RedisLog.Answers(log, name, spec.Location);
    }

    RedisUnavailableException Unavailable(Exception? cause) => new(
        $"The Redis for {name} ({spec.Location}) does not answer" + (cause is null ? "." : $": {cause.Message}"),
        cause);
}
