using System.Text.Json;

namespace Pinfold.Sharding.Operations;

/// <summary>What an operation is going to do, before any of it is: made by preflight, shown by a dry run.</summary>
/// <param name="Kind">What is done: <c>move</c>.</param>
/// <param name="Title">What is done, in a line.</param>
/// <param name="Parameters">What the steps need to know, a JSON object.</param>
/// <param name="Steps">In their order.</param>
/// <param name="Claims">
/// What nobody else may change meanwhile, such as <c>shard 12</c> and <c>server db1</c>: while it has not ended, no
/// other operation that claims one of these begins.
/// </param>
/// <param name="Notes">What a person should know before: sizes, times, what cannot be undone.</param>
public sealed record OperationPlan(
    string Kind, string Title, JsonElement Parameters, IReadOnlyList<PlannedStep> Steps, IReadOnlyList<string> Claims,
    IReadOnlyList<string> Notes);

/// <summary>A step of a plan.</summary>
/// <param name="Name">What is done: <c>copy</c>.</param>
/// <param name="Subject">To what: <c>shard 12</c>; may be empty.</param>
/// <param name="Says">What is true after it.</param>
/// <param name="Total">How much there is to do; 0 where it is not known.</param>
/// <param name="Unit">What is counted: <c>rows</c>; empty for nothing.</param>
public sealed record PlannedStep(string Name, string Subject, string Says, long Total = 0, string Unit = "");
