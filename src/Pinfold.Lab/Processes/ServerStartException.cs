namespace Pinfold.Lab.Processes;

/// <summary>A server did not come up; the message ends with the last lines of its log.</summary>
public sealed class ServerStartException(string program, string what, string log)
    : Exception($"{program} {what}. The end of its log:\n{log}")
{
    /// <summary>Another process took the port between our look and the server's bind.</summary>
    public bool PortWasTaken { get; } = log.Contains("already in use", StringComparison.OrdinalIgnoreCase);
}
