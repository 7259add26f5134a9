using Microsoft.Extensions.Logging;

namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>Event ids 3100 to 3199.</summary>
internal static partial class MemcachedLog
{
    [LoggerMessage(3100, LogLevel.Warning,
        "Memcached server {Server} is dead: {Reason}. Its keys go to their stand-ins.")]
    public static partial void ServerDied(ILogger logger, string server, string reason);

    [LoggerMessage(3101, LogLevel.Information, "Memcached server {Server} answers and is asked again.")]
    public static partial void ServerReturned(ILogger logger, string server);

    [LoggerMessage(3102, LogLevel.Warning,
        "Memcached server {Server} missed more than {KeysMax} invalidations: "
        + "it will be emptied before it is asked again.")]
    public static partial void ServerWillBeEmptied(ILogger logger, string server, int keysMax);

    [LoggerMessage(3103, LogLevel.Warning,
        "The cache was closed while Memcached server {Server} still missed {Count} invalidations: it may hold these "
        + "values until they expire.")]
    public static partial void InvalidationsLost(ILogger logger, string server, int count);
}
