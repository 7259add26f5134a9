using System.Globalization;
using System.Text.Json;
using Pinfold.Sharding.Operations;

namespace Pinfold.Cli.Output;

/// <summary>Operations and plans, as tables for people or as JSON.</summary>
static class OperationOutput
{
    public static void Write(OperationPlan plan, bool isJson)
    {
        if (isJson)
        {
            OutputOption.WriteJson(
                new ShownPlan(plan.Kind, plan.Title, [.. plan.Steps.Select(s => new ShownPlannedStep(
                    s.Name, s.Subject, s.Says, s.Total, s.Unit))], [.. plan.Claims], [.. plan.Notes]),
                CliJson.Default.ShownPlan);
            return;
        }
        Console.WriteLine($"This would {plan.Title}; nothing was done.");
        OutputOption.WriteTable(["step", "of", "how much", "what is true after it"], plan.Steps.Select(s => (string[])
            [s.Name, s.Subject, s.Total == 0 ? "" : Amount(s.Total, s.Unit), s.Says]));
        foreach (var note in plan.Notes)
            Console.WriteLine(note);
    }

    public static void Write(OperationStatus operation, bool isJson)
    {
        if (isJson)
        {
            OutputOption.WriteJson(Shown(operation), CliJson.Default.ShownOperation);
            return;
        }
        Console.WriteLine($"{operation.Id}: {operation.Title}. {Word(operation)}.");
        Console.WriteLine($"Begun {Moment.Of(operation.CreatedAt)} by {operation.By.Who}"
            + (operation.By.Why.Length == 0 ? "." : $": {operation.By.Why}"));
        OutputOption.WriteTable(["step", "of", "state", "took", "how much", "what is true after it"],
            operation.Steps.Select(s => (string[])
            [
                s.Name, s.Subject, s.State.ToString().ToLowerInvariant(), Took(s),
                s.Total == 0 ? "" : $"{s.Done:N0} of {Amount(s.Total, s.Unit)}", s.Says,
            ]));
        if (operation.Error is { } error)
            Console.WriteLine(error);
        if (operation.Remains is { } remains)
            Console.WriteLine(remains);
        if (!operation.IsEnded && operation.Runner is null)
            Console.WriteLine($"Nobody runs it: \"pinfold operation resume {operation.Id}\" does, and \"pinfold "
                + $"operation cancel {operation.Id}\" undoes it.");
    }

    public static void Write(IReadOnlyList<OperationStatus> operations, bool isJson)
    {
        if (isJson)
            OutputOption.WriteJson([.. operations.Select(Shown)], CliJson.Default.ShownOperationArray);
        else if (operations.Count == 0)
            Console.WriteLine("No operation is under way; --all lists those that have ended.");
        else
            OutputOption.WriteTable(["operation", "state", "run by", "begun", "who", "what"],
                operations.Select(o => (string[])
                [o.Id, Word(o), o.Runner ?? "", Moment.Of(o.CreatedAt), o.By.Who, o.Title]));
    }

    /// <summary>What a person has to know of its state: one that nobody runs does not run.</summary>
    static string Word(OperationStatus operation) => operation switch
    {
        { State: OperationState.Running or OperationState.Cancelling, Runner: null } => "left by its runner",
        { State: OperationState.Running, Asked: OperationRequest.Pause } => "about to pause",
        { State: OperationState.Running, Asked: OperationRequest.Cancel } => "about to be undone",
        { State: OperationState.Cancelling } => "being undone",
        _ => operation.State.ToString().ToLowerInvariant(),
    };

    static string Took(StepStatus step) => step switch
    {
        { BegunAt: { } begun, EndedAt: { } ended } => ended - begun is { TotalSeconds: < 60 } time
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.000} s")
            : (ended - begun).ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture),
        _ => "",
    };

    static string Amount(long amount, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{amount:N0} {unit}");

    static ShownOperation Shown(OperationStatus o) => new(
        o.Id, o.Kind, o.Title, o.By.Who, o.By.Why, o.State.ToString().ToLowerInvariant(),
        o.Asked.ToString().ToLowerInvariant(), o.CreatedAt, o.EndedAt, o.Runner, o.Error, o.Remains,
        [.. o.Steps.Select(s => new ShownStep(
            s.Number, s.Name, s.Subject, s.Says, s.State.ToString().ToLowerInvariant(), s.Attempts, s.BegunAt,
            s.EndedAt, s.Done, s.Total, s.Unit, JsonElement.Parse(s.Figures)))]);
}

/// <summary>A plan, as <c>--dry-run --json</c> writes it.</summary>
sealed record ShownPlan(string Kind, string Title, ShownPlannedStep[] Steps, string[] Claims, string[] Notes);

/// <summary>A step of a plan.</summary>
sealed record ShownPlannedStep(string Name, string Subject, string Says, long Total, string Unit);

/// <summary>An operation, as <c>operation show --json</c> writes it.</summary>
sealed record ShownOperation(
    string Id, string Kind, string Title, string Who, string Why, string State, string Asked, DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt, string? Runner, string? Error, string? Remains, ShownStep[] Steps);

/// <summary>A step of an operation.</summary>
sealed record ShownStep(
    int Number, string Name, string Subject, string Says, string State, int Attempts, DateTimeOffset? BegunAt,
    DateTimeOffset? EndedAt, long Done, long Total, string Unit, JsonElement Figures);
