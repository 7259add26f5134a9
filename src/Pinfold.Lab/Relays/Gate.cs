namespace Pinfold.Lab.Relays;

/// <summary>What bytes wait at while the network is cut.</summary>
sealed class Gate
{
    TaskCompletionSource? _closed;

    public Task PassAsync(CancellationToken cancellation) =>
        Volatile.Read(ref _closed)?.Task.WaitAsync(cancellation) ?? Task.CompletedTask;

    public void Set(bool isOpen)
    {
        if (isOpen)
            Interlocked.Exchange(ref _closed, null)?.TrySetResult();
        else
            Interlocked.CompareExchange(
                ref _closed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
    }
}
