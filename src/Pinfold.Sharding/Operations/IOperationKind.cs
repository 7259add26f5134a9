namespace Pinfold.Sharding.Operations;

/// <summary>What the steps of one kind of operation do.</summary>
interface IOperationKind
{
    /// <summary>As in <see cref="OperationPlan.Kind"/>.</summary>
    string Name { get; }

    /// <summary>
    /// Does a step, or the rest of it: it may have been begun before, by a process that died at any moment of it.
    /// </summary>
    /// <exception cref="PinfoldException">It cannot be done now; what was done so far stands.</exception>
    ValueTask RunAsync(StepRun step, CancellationToken cancellation);

    /// <summary>
    /// Takes back what a step did, all or some of it; steps are undone from the last that was begun to the first.
    /// </summary>
    /// <returns>What cannot be undone, a sentence; null where nothing is left.</returns>
    /// <exception cref="PinfoldException">It cannot be done now.</exception>
    ValueTask<string?> UndoAsync(StepRun step, CancellationToken cancellation);
}
