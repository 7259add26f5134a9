using System.Text.Json;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Operations;

/// <summary>
/// Runs one operation from where it stands: its steps in their order, or, once it was cancelled, what it did backwards.
/// All that it needs is in the ledger, so it may die at any moment, and another goes on.
/// </summary>
sealed class OperationRunner(
    OperationLedger ledger, TopologyVersions versions, ITopologySource topology, IOperationKind kind, string id,
    RunnerName runner, IProgress<OperationStatus>? progress)
{
    /// <summary>So often a topology is published that others overtake.</summary>
    const int PublishTriesMax = 20;

    OperationStatus _status = null!;
    JsonElement _parameters;
    volatile OperationRequest _asked;

    /// <summary>What somebody has asked meanwhile: the next save, or the end of the step, stops for it.</summary>
    public void Ask(OperationRequest request) => _asked = request;

    /// <returns>As it is when this run ends: done, cancelled, or paused.</returns>
    /// <exception cref="PinfoldException">A step failed, and why; the ledger knows it too.</exception>
    public async Task<OperationStatus> RunAsync(CancellationToken cancellation)
    {
        _status = await ledger.GetAsync(id, cancellation);
        _parameters = await ledger.ReadParametersAsync(id, cancellation);
        try
        {
            if (_asked != OperationRequest.Cancel && _status.State != OperationState.Cancelling)
                await GoOnAsync(cancellation);
            else
                await UndoAsync(cancellation);
        }
        catch (StopAskedException e) when (e.Request == OperationRequest.Cancel)
        {
            await UndoAsync(cancellation);
        }
        catch (StopAskedException)
        {
            await SetStateAsync(OperationState.Paused, null, givesUp: true);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await StandAsync(OperationState.Paused, null);
            throw;
        }
        catch (Exception e)
        {
            await StandAsync(OperationState.Failed, e.Message);
            throw;
        }
        return _status;
    }

    async Task GoOnAsync(CancellationToken cancellation)
    {
        await SetStateAsync(OperationState.Running, null);
        foreach (var step in _status.Steps)
        {
            if (step.State == StepState.Done)
                continue;
            StopIfAsked();
            var run = await BeginAsync(step, cancellation);
            await kind.RunAsync(run, cancellation);
            await EndAsync(run, StepState.Done);
        }
        await SetStateAsync(OperationState.Done, null, givesUp: true);
    }

    async Task UndoAsync(CancellationToken cancellation)
    {
        await SetStateAsync(OperationState.Cancelling, null);
        var remains = (_status.Remains ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        foreach (var step in _status.Steps.Reverse())
        {
            if (step.State is StepState.Waiting or StepState.Undone)
                continue;
            var run = await BeginAsync(step, cancellation);
            if (await kind.UndoAsync(run, cancellation) is { } left && !remains.Contains(left))
            {
                remains.Add(left);
                _status = _status with { Remains = string.Join('\n', remains) };
                await SetStateAsync(OperationState.Cancelling, null);
            }
            await EndAsync(run, StepState.Undone);
        }
        await SetStateAsync(OperationState.Cancelled, null, givesUp: true);
    }

    async Task<StepRun> BeginAsync(StepStatus step, CancellationToken cancellation)
    {
        await ledger.BeginAsync(id, runner, step.Number, cancellation);
        var run = new StepRun(
            id, runner.Id, _parameters, step, await ledger.ReadPlaceAsync(id, step.Number, cancellation),
            step.Number == 1
                ? JsonElement.Parse("{}"u8) : await ledger.ReadPlaceAsync(id, step.Number - 1, cancellation),
            SaveAsync, PublishAsync);
        Tell(step with { State = StepState.Begun, Attempts = step.Attempts + 1 });
        return run;
    }

    async ValueTask SaveAsync(StepProgress at, CancellationToken cancellation)
    {
        await ledger.SaveAsync(id, runner, at, cancellation);
        Tell(_status.Steps[at.Number - 1] with
        {
            Done = at.Done,
            Total = at.Total,
            Unit = at.Unit,
            Figures = at.Figures.GetRawText(),
        });
        if (_status.State == OperationState.Running)
            StopIfAsked();
    }

    /// <summary>What is done is done: whoever asked to stop is heard after it is written down.</summary>
    async Task EndAsync(StepRun run, StepState state)
    {
        try
        {
            await run.SaveAsync(CancellationToken.None);
        }
        catch (StopAskedException)
        {
            // The loop asks again.
        }
        await ledger.EndAsync(id, runner, run.Step.Number, state, CancellationToken.None);
        Tell(_status.Steps[run.Step.Number - 1] with { State = state });
    }

    async ValueTask<TopologyMap> PublishAsync(
        Func<TopologyMap, TopologyMap> change, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = await topology.RefreshAsync(cancellation);
            var next = change(before);
            if (ReferenceEquals(next, before))
                return before;
            try
            {
                await versions.PublishAsync(
                    before, next, _status.By with { Why = _status.Title, Operation = id }, ledger.Guard(id, runner),
                    cancellation);
                return await topology.RefreshAsync(cancellation);
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict && attempt < PublishTriesMax)
            {
                // Somebody else has published; or the lease is lost, which the next save tells.
            }
        }
    }

    void StopIfAsked()
    {
        if (_asked != OperationRequest.Run)
            throw new StopAskedException(_asked);
    }

    void Tell(StepStatus step)
    {
        _status = _status with { Steps = [.. _status.Steps.Select(s => s.Number == step.Number ? step : s)] };
        progress?.Report(_status);
    }

    async ValueTask SetStateAsync(OperationState state, string? error, bool givesUp = false)
    {
        await ledger.SetStateAsync(
            id, runner, state, error, _status.Remains, givesUp, CancellationToken.None);
        _status = _status with { State = state, Error = error };
        progress?.Report(_status);
    }

    /// <summary>
    /// Leaves the operation as it stands. Where that cannot be written down, its lease runs out, which says the same.
    /// </summary>
    async ValueTask StandAsync(OperationState state, string? error)
    {
        try
        {
            await SetStateAsync(_status.State == OperationState.Cancelling ? OperationState.Cancelling : state, error,
                givesUp: true);
        }
        catch (PinfoldException)
        {
            // Whoever lost the lease, or the catalog, is about to say so.
        }
    }
}
