using System.Diagnostics;
using System.Globalization;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Benchmarks.OneBoard;

/// <summary>
/// Pins that many put on one board at once, with all that a pinboard does for it: how many a second, and how many
/// commits were refused because another was faster. A board of its own for each round.
/// </summary>
static class OneBoardBenchmark
{
    public static async Task RunAsync(Options options)
    {
        await using var pinboard = new BenchPinboard();
        await pinboard.OpenAsync(options.Engine);
        using var refused = new RefusedCommits();
        var pins = options.IsSmoke ? 50 : 1000;
        var owner = await AddOwnerAsync(pinboard.Get<ShardedStore>());
        var warmUp = Stopwatch.StartNew();
        while (warmUp.Elapsed < options.WarmUp)
            await RoundAsync(pinboard, owner, pins, options.Writers);
        Console.WriteLine($"\n### {pins} pins on one board, {options.Engine}, {options.Writers} at once\n");
        Console.WriteLine("| round | pins a second | refused commits |\n| --: | --: | --: |");
        var rates = new List<double>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            var before = refused.Count;
            var taken = await RoundAsync(pinboard, owner, pins, options.Writers);
            rates.Add(pins / taken.TotalSeconds);
            Show($"{round}", rates[^1], $"{refused.Count - before:N0}");
        }
        rates.Sort();
        Show("median", rates[rates.Count / 2], "");
    }

    static async Task<ObjectId<User>> AddOwnerAsync(ShardedStore store)
    {
        var transaction = store.Begin(store.PickShard());
        var owner = transaction.Create(new User("mira", "Mira", null, TimeProvider.System.GetUtcNow(), 0));
        await transaction.CommitAsync();
        return owner.Id;
    }

    static async Task<TimeSpan> RoundAsync(BenchPinboard pinboard, ObjectId<User> owner, int pins, int writers)
    {
        var board = await pinboard.Get<BoardService>().CreateAsync(owner, "Sea", null, isSecret: false, default);
        var service = pinboard.Get<PinService>();
        var made = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            for (int n; (n = Interlocked.Increment(ref made)) <= pins;)
                await service.CreateAsync(owner, new NewPin(board) { Title = $"A pin about the sea, {n}" }, default);
        })));
        watch.Stop();
        var there = await pinboard.Get<ShardedStore>().CountAsync(PinboardModel.BoardHasPins, board);
        MismatchException.Unless(there == pins, $"{pins} pins were made, {there} are on the board");
        return watch.Elapsed;
    }

    static void Show(string round, double perSecond, string refused) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"| {round} | {perSecond:N0} | {refused} |"));
}
