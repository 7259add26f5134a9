namespace Pinfold.Cli.Output;

/// <summary>An entry of the audit log.</summary>
/// <param name="At">When.</param>
/// <param name="User">Whose account.</param>
/// <param name="Event">What, as one word.</param>
/// <param name="Words">The same in plain words.</param>
/// <param name="By">The user name of who did it, if it was somebody else.</param>
/// <param name="ByOperator">Whether it was done on the command line.</param>
/// <param name="Address">Where from; empty if that is not known.</param>
/// <param name="Device">By what; empty if that is not known.</param>
/// <param name="Subject">With what: an id or a user name, or null.</param>
/// <param name="Count">How many, where that says something.</param>
sealed record AuditedAct(
    DateTimeOffset At, string User, string Event, string Words, string? By, bool ByOperator, string Address,
    string Device, string? Subject, long Count);
