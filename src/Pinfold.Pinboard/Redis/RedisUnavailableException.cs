using Pinfold.Sharding;

namespace Pinfold.Pinboard.Redis;

/// <summary>A Redis does not answer, or takes no writes now; whoever asked does without.</summary>
sealed class RedisUnavailableException(string message, Exception? cause)
    : PinfoldException(ErrorKind.Unavailable, message, cause);
