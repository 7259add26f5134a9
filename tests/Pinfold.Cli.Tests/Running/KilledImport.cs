using Pinfold.Pinboard;
using Shouldly;

namespace Pinfold.Cli.Tests.Running;

/// <summary>An import by a process that is killed in the middle of it.</summary>
static class KilledImport
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Runs the import and kills it as soon as anything of the user's is there; a small one may have ended by then.
    /// </summary>
    public static async Task OnceItHasBegunAsync(Place place, OpenPlace opened, string[] what, string username)
    {
        var user = await opened.UserAsync(username);
        var words = place.Words(["import", .. what, "--user", username, "--no-fetch"]);
        using var process = PinfoldProgram.Start(words);
        var finished = PinfoldProgram.FinishAsync(process, words);
        while (!process.HasExited && await opened.Store.CountAsync(PinboardModel.UserHasBoards, user) == 0)
            await Task.Delay(PollInterval);
        process.Kill();
        (await finished).Code.ShouldBeOneOf([137, 0, 6], $"{await finished}");
    }

    /// <summary>Runs the import and kills it as a power cut would, as soon as so many pins are there.</summary>
    public static async Task AtAsync(Place place, OpenPlace opened, string[] what, int pins, int all)
    {
        var user = await opened.UserAsync("killed");
        var words = place.Words(["import", .. what, "--user", "killed", "--no-fetch"]);
        using var process = PinfoldProgram.Start(words);
        var finished = PinfoldProgram.FinishAsync(process, words);
        var count = 0L;
        while (!process.HasExited && (count = await opened.Store.CountAsync(PinboardModel.UserHasPins, user)) < pins)
            await Task.Delay(PollInterval);
        process.Kill();
        (await finished).Code.ShouldBe(137, $"{await finished}");
        count.ShouldBeGreaterThanOrEqualTo(pins);
        (await opened.Store.CountAsync(PinboardModel.UserHasPins, user)).ShouldBeLessThanOrEqualTo(all);
    }
}
