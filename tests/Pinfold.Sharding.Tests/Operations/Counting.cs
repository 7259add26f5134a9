using System.Text.Json;
using System.Text.Json.Serialization;
using Pinfold.Sharding.Operations;

namespace Pinfold.Sharding.Tests.Operations;

/// <summary>
/// An operation whose steps count to three, one after the other, and write each number down; what they count is outside
/// of the ledger, as shards are.
/// </summary>
sealed partial class Counting : IOperationKind
{
    readonly List<int> _counts = [0, 0, 0];
    TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "count";

    public List<string> Log { get; } = [];

    public IReadOnlyList<int> Counts => _counts;

    public string? HoldAt { get; set; }

    public string? FailAt { get; set; }

    public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static OperationPlan Plan(int steps, params string[] claims) => new(
        "count", "count to three", JsonElement.Parse("{}"),
        [.. Enumerable.Range(1, steps).Select(n => new PlannedStep("count", $"{n}", $"{n} has counted", 3, "numbers"))],
        claims, []);

    public void GoOn()
    {
        HoldAt = null;
        _goOn.TrySetResult();
    }

    public void Forget()
    {
        (HoldAt, FailAt) = (null, null);
        for (var i = 0; i < _counts.Count; i++)
            _counts[i] = 0;
        Log.Clear();
    }

    public async ValueTask RunAsync(StepRun step, CancellationToken cancellation)
    {
        await ReachAsync($"run {step.Step.Number}");
        // From the place: one that was counted and not written down is counted again, to the same number.
        for (var n = step.Place(CountingJson.Default.Counted)?.Last ?? 0; n < 3; n++)
        {
            _counts[step.Step.Number - 1] = n + 1;
            step.Measure("measured", 7);
            await step.SaveAsync(n + 1, 3, "numbers", new Counted(n + 1), CountingJson.Default.Counted, cancellation);
        }
    }

    public async ValueTask<string?> UndoAsync(StepRun step, CancellationToken cancellation)
    {
        await ReachAsync($"undo {step.Step.Number}");
        _counts[step.Step.Number - 1] = 0;
        return step.Step.Number == 1 ? "Something of 1 stays." : null;
    }

    async Task ReachAsync(string place)
    {
        Log.Add(place);
        if (place == FailAt)
            throw new PinfoldException(ErrorKind.Unavailable, $"It failed at {place}.");
        if (place != HoldAt)
            return;
        Held.TrySetResult();
        await _goOn.Task;
    }

    internal sealed record Counted(int Last);

    [JsonSerializable(typeof(Counted))]
    internal sealed partial class CountingJson : JsonSerializerContext;
}
