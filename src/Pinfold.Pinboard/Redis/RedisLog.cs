using Microsoft.Extensions.Logging;

namespace Pinfold.Pinboard.Redis;

/// <summary>What is logged of Redis; event ids 3200 to 3219.</summary>
static partial class RedisLog
{
    [LoggerMessage(3200, LogLevel.Warning, "The Redis for {Role} ({Location}) does not answer: {Reason} "
        + "It is done without until it does.")]
    public static partial void Down(ILogger log, string role, string location, string reason);

    [LoggerMessage(3201, LogLevel.Information, "The Redis for {Role} ({Location}) answers again.")]
    public static partial void Answers(ILogger log, string role, string location);

    [LoggerMessage(3202, LogLevel.Warning,
        "The Redis for {Role} ({Location}) takes no writes where it was: its primary is looked for again.")]
    public static partial void Redials(ILogger log, string role, string location);

    [LoggerMessage(3203, LogLevel.Warning, "The Redis for {Role}: {Complaint}")]
    public static partial void SetWrongly(ILogger log, string role, string complaint);
}
