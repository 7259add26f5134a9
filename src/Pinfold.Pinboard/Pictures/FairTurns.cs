using Pinfold.Sharding;

namespace Pinfold.Pinboard.Pictures;

/// <summary>
/// Lets so many works run at once, those of different people in turn: see <see cref="FairQueue{T}"/> for the order.
/// </summary>
sealed class FairTurns(int atOnceMax, int waitingMax)
{
    readonly Lock _gate = new();
    readonly FairQueue<TaskCompletionSource> _waiting = new();
    int _running;

    /// <summary>How many wait for their turn.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Does the work when it is this person's turn; the turn ends with the work, however that ends.</summary>
    /// <exception cref="PinfoldException">Unavailable: too many wait.</exception>
    public async Task<T> TakeAsync<T>(ObjectId<User> person, Func<Task<T>> work, CancellationToken cancellation)
    {
        var turn = Enter(person);
        await using (cancellation.Register(() => turn.TrySetCanceled(cancellation)))
            await turn.Task;
        try
        {
            return await work();
        }
        finally
        {
            Leave();
        }
    }

    TaskCompletionSource Enter(ObjectId<User> person)
    {
        lock (_gate)
        {
            if (_waiting.Count >= waitingMax)
                throw new PinfoldException(ErrorKind.Unavailable, $"{waitingMax:N0} wait for their turn already.");
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(person, turn);
            GiveOut();
            return turn;
        }
    }

    void Leave()
    {
        lock (_gate)
        {
            _running--;
            GiveOut();
        }
    }

    void GiveOut()
    {
        while (_running < atOnceMax && _waiting.TryTake(out var turn))
            // False for one that was cancelled while it waited.
            if (turn.TrySetResult())
                _running++;
    }
}
