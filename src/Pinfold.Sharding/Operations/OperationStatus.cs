using Pinfold.Sharding.Catalog;

namespace Pinfold.Sharding.Operations;

/// <summary>How far an operation is. Stored as a number.</summary>
public enum OperationState
{
    /// <summary>It was written down, and nobody has begun it.</summary>
    Planned = 0,

    /// <summary>Somebody runs it, or ran it when they died: then it has no runner.</summary>
    Running = 1,

    /// <summary>It stands between two steps, or in the midst of one, and goes on with <c>resume</c>.</summary>
    Paused = 2,

    /// <summary>A step failed; <c>resume</c> tries it again.</summary>
    Failed = 3,

    /// <summary>What was done is being undone; <c>resume</c> goes on with that.</summary>
    Cancelling = 4,

    /// <summary>It was undone, but for what <see cref="OperationStatus.Remains"/> says.</summary>
    Cancelled = 5,

    /// <summary>All steps are done.</summary>
    Done = 6,
}

/// <summary>What its runner was asked to do. Stored as a number.</summary>
public enum OperationRequest
{
    /// <summary>To go on.</summary>
    Run = 0,

    /// <summary>To stop where it can be gone on with.</summary>
    Pause = 1,

    /// <summary>To undo what was done.</summary>
    Cancel = 2,
}

/// <summary>How far a step is. Stored as a number.</summary>
public enum StepState
{
    /// <summary>Nothing of it was done.</summary>
    Waiting = 0,

    /// <summary>Some of it may be done.</summary>
    Begun = 1,

    /// <summary>What it says is true.</summary>
    Done = 2,

    /// <summary>It was begun or done, and taken back.</summary>
    Undone = 3,
}

/// <summary>An operation as the ledger has it; times are by the catalog's clock.</summary>
/// <param name="Id">Such as <c>move-20261129-0931-k3f9</c>.</param>
/// <param name="Kind">What is done: <c>move</c>.</param>
/// <param name="Title">What is done, in a line.</param>
/// <param name="By">Who began it, and why.</param>
/// <param name="State">How far it is.</param>
/// <param name="Asked">What its runner was asked to do.</param>
/// <param name="CreatedAt">When it was written down.</param>
/// <param name="EndedAt">When it was done or cancelled; null before.</param>
/// <param name="Runner">The process that runs it, <c>machine:process id</c>; null if none does.</param>
/// <param name="Error">Why it failed; null unless it did.</param>
/// <param name="Remains">What a cancelled one could not undo; null for nothing.</param>
/// <param name="Steps">All of them in their order; empty in a list of operations.</param>
public sealed record OperationStatus(
    string Id, string Kind, string Title, Authorship By, OperationState State, OperationRequest Asked,
    DateTimeOffset CreatedAt, DateTimeOffset? EndedAt, string? Runner, string? Error, string? Remains,
    IReadOnlyList<StepStatus> Steps)
{
    /// <summary>Whether it is done or cancelled.</summary>
    public bool IsEnded => State is OperationState.Done or OperationState.Cancelled;

    /// <summary>The step at which it is; null before the first and after the last.</summary>
    public StepStatus? CurrentStep => Steps.FirstOrDefault(step => step.State == StepState.Begun);
}

/// <summary>A step as the ledger has it.</summary>
/// <param name="Number">From 1, in the order in which steps are done.</param>
/// <param name="Name">What is done: <c>copy</c>.</param>
/// <param name="Subject">To what: <c>shard 12</c>; may be empty.</param>
/// <param name="Says">What is true after it.</param>
/// <param name="State">How far it is.</param>
/// <param name="Attempts">How often it was begun, or gone on with.</param>
/// <param name="BegunAt">When it was first begun; null before.</param>
/// <param name="EndedAt">When it was done or undone; null before.</param>
/// <param name="Done">How many of <paramref name="Total"/> are done.</param>
/// <param name="Total">0 where it is not known, or there is nothing to count.</param>
/// <param name="Unit">What is counted: <c>rows</c>; empty for nothing.</param>
/// <param name="Figures">What was measured, a JSON object; <c>{}</c> for nothing.</param>
public sealed record StepStatus(
    int Number, string Name, string Subject, string Says, StepState State, int Attempts, DateTimeOffset? BegunAt,
    DateTimeOffset? EndedAt, long Done, long Total, string Unit, string Figures);
