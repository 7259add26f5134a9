namespace Pinfold.Lab.Replication;

/// <summary>How a replica says that it is.</summary>
/// <param name="SourcePort">Where it looks for its primary.</param>
/// <param name="IsRunning">It is connected, and applies what it receives.</param>
/// <param name="Lag">How far behind its primary it is, in whole seconds; null when it does not know.</param>
/// <param name="Problem">What it says went wrong; empty for nothing.</param>
public sealed record ReplicaStatus(int SourcePort, bool IsRunning, TimeSpan? Lag, string Problem);
