namespace Pinfold.Pinboard.Tests.Notifications;

/// <summary>The machine's clock.</summary>
static class Clock
{
    public static long NowMs => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Ends in another millisecond than it began in: so that what follows is later for whoever compares.
    /// </summary>
    public static async Task NextMillisecondAsync()
    {
        for (var begun = NowMs; NowMs <= begun;)
            await Task.Yield();
    }
}
