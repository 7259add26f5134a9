using System.Threading.Channels;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Notifications;

/// <summary>One open page that hears of notifications.</summary>
sealed class NotificationStream(NotificationStreams streams, ObjectId<User> person, ObjectId<Session> session)
    : IDisposable
{
    /// <summary>However often it is woken meanwhile, it looks once.</summary>
    readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public ObjectId<User> Person => person;

    public ObjectId<Session> Session => session;

    public void Wake() => _signal.Writer.TryWrite(true);

    public void End() => _signal.Writer.TryComplete();

    /// <summary>Waits until it is woken, or so long.</summary>
    public async Task<StreamTurn> WaitAsync(TimeSpan most, TimeProvider time, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            if (!await _signal.Reader.WaitToReadAsync(either.Token))
                return StreamTurn.Ended;
            _signal.Reader.TryRead(out _);
            return StreamTurn.Woken;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return StreamTurn.Quiet;
        }
    }

    public void Dispose()
    {
        End();
        streams.Forget(this);
    }
}

/// <summary>What became of waiting.</summary>
enum StreamTurn
{
    /// <summary>Something may be new.</summary>
    Woken,

    /// <summary>Nothing was said for so long.</summary>
    Quiet,

    /// <summary>It is to be closed.</summary>
    Ended,
}
