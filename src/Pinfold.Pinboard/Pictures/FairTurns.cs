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

    /// <summary>Waits until it is this person's turn, which ends when the result is disposed.</summary>
    /// <exception cref="PinfoldException">Unavailable: too many wait.</exception>
    public async Task<IDisposable> TakeAsync(ObjectId<User> person, CancellationToken cancellation)
    {
        var turn = Enter(person);
        await using (cancellation.Register(() => turn.TrySetCanceled(cancellation)))
            await turn.Task;
        return new Turn(this);
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

    sealed class Turn(FairTurns turns) : IDisposable
    {
        public void Dispose() => turns.Leave();
    }
}
