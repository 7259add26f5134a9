using Microsoft.Extensions.Logging;

namespace Pinfold.Sharding.Topology;

/// <summary>What the topology sources log; event ids 100 to 119.</summary>
static partial class TopologyLog
{
    /// <summary>One handler's fault must neither keep the others in the dark nor end the watch over the file.</summary>
    public static void Raise(Action<TopologyChange>? handlers, TopologyChange change, ILogger log)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                handler(change);
            }
            catch (Exception fault)
            {
                HandlerFailed(log, change.After.Version, fault);
            }
        }
    }

    [LoggerMessage(100, LogLevel.Information, "Topology version {Version} is in use, from {Path}.")]
    public static partial void InUse(ILogger log, long version, string path);

    [LoggerMessage(101, LogLevel.Error,
        "A changed topology is not used, and version {Version} stays in use. {Problem}")]
    public static partial void Refused(ILogger log, long version, string problem);

    [LoggerMessage(102, LogLevel.Information,
        "The topology {Path} is right again; it says version {Version}, in use.")]
    public static partial void RightAgain(ILogger log, string path, long version);

    [LoggerMessage(103, LogLevel.Critical,
        "The topology cannot be used, so the last one that was right is: version {Version}, from {Copy}. "
        + "Repair the file; it is taken up at once. To begin anew instead, stop and delete the copy. {Problem}")]
    public static partial void LastKnownGoodInUse(ILogger log, long version, string copy, string problem);

    [LoggerMessage(104, LogLevel.Warning,
        "The last-known-good copy {Copy} is of no use and will be replaced. {Problem}")]
    public static partial void CopyUnusable(ILogger log, string copy, string problem);

    [LoggerMessage(105, LogLevel.Warning,
        "The last-known-good copy of topology version {Version} could not be written to {Copy}.")]
    public static partial void CopyNotWritten(ILogger log, long version, string copy, Exception cause);

    [LoggerMessage(106, LogLevel.Error, "A handler of the change to topology version {Version} failed.")]
    public static partial void HandlerFailed(ILogger log, long version, Exception cause);

    [LoggerMessage(107, LogLevel.Error,
        "The catalog's newest topology is not known, and version {Version} stays in use. {Problem}")]
    public static partial void CatalogUnusable(ILogger log, long version, string problem);
}
