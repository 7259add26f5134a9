using Pinfold.Pinboard;

namespace Pinfold.Cli.Output;

/// <summary>An entry of the audit log.</summary>
sealed record AuditedAct(
    DateTimeOffset At, string User, AuditEvent Event, string Words, string? By, string Address, string Device,
    string? Subject, long Count);
