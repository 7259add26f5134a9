using System.Threading.Tasks.Sources;

namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>How a batch of commands ended.</summary>
internal enum BatchOutcome
{
    /// <summary>Every command was answered.</summary>
    Answered,

    /// <summary>The connection failed before the last answer, or did not take the batch.</summary>
    Failed,

    /// <summary>Its caller stopped waiting; the answers are read and dropped.</summary>
    Abandoned,
}

/// <summary>The commands of one caller to one server, written at once and answered in order.</summary>
internal abstract class MetaBatch : IValueTaskSource<BatchOutcome>
{
    ManualResetValueTaskSourceCore<BatchOutcome> _completion = new() { RunContinuationsAsynchronously = true };
    CancellationTokenRegistration _registration;
    int _completed;
    int _answered;

    public abstract int CommandCount { get; }

    /// <summary>When it was handed to the connection, as a timestamp of the connection's clock.</summary>
    public long SentAt { get; set; }

    /// <summary>The connection that took it; none before.</summary>
    public MemcachedConnection? Connection { get; set; }

    public bool IsAnswered => _answered == CommandCount;

    /// <summary>Commands that the server refused by name (SERVER_ERROR).</summary>
    public int ServerErrors { get; private set; }

    /// <summary>Writes all commands, numbered from <paramref name="opaque"/> on.</summary>
    public abstract void Write(MetaRequestBuffer buffer, uint opaque);

    /// <summary>Waits for all answers; a cancelled token ends the waiting, not the commands.</summary>
    public ValueTask<BatchOutcome> WaitAsync(CancellationToken cancellation)
    {
        if (cancellation.CanBeCanceled)
            _registration = cancellation.UnsafeRegister(
                static batch => ((MetaBatch)batch!).Complete(BatchOutcome.Abandoned), this);
        return new ValueTask<BatchOutcome>(this, _completion.Version);
    }

    public void Accept(in MetaResponse response)
    {
        if (response.Status == MetaStatus.ServerError)
            ServerErrors++;
        else
            Accept(_answered, in response);
        _answered++;
    }

    public void Complete(BatchOutcome outcome)
    {
        if (Interlocked.Exchange(ref _completed, 1) == 0)
            _completion.SetResult(outcome);
    }

    BatchOutcome IValueTaskSource<BatchOutcome>.GetResult(short token)
    {
        _registration.Dispose();
        return _completion.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<BatchOutcome>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<BatchOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    /// <summary>Takes the answer to the command of that index.</summary>
    protected abstract void Accept(int index, in MetaResponse response);

    protected static MetaProtocolException Unexpected(in MetaResponse response) =>
        new($"The server answered {response.Status} where the command has no such answer.");
}
