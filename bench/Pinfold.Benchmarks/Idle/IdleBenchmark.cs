using System.Diagnostics;
using System.Globalization;
using Pinfold.Sharding;
using Pinfold.Sharding.Caching.Memory;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Testing.Servers;

namespace Pinfold.Benchmarks.Idle;

/// <summary>
/// What a process that follows costs while nobody writes: statements per server, processor and memory, with many shards
/// and ten followers and a cache in its own memory.
/// </summary>
static class IdleBenchmark
{
    const int Followers = 10;

    public static async Task RunAsync(Options options)
    {
        var shards = options.IsSmoke ? 16 : options.Shards;
        await using var first = await BenchServers.StartAsync(options.Engine);
        await using var second = await BenchServers.StartAsync(options.Engine);
        var clock = Stopwatch.StartNew();
        await using var cache = new MemoryCache(new MemoryCacheOptions(), TimeProvider.System);
        await using var store = await BenchStore.OpenAsync(
            BenchModel.Sharding, shards, lanes: null, cache, [first, second]);
        Console.WriteLine($"{shards} shards on two servers, made in {clock.Elapsed.TotalSeconds:F0} s");
        await using var host = new FollowerHost(
            store, Enumerable.Range(0, Followers).Select(i => new Nobody($"f{i}")));
        clock.Restart();
        await host.StartAsync();
        while (host.FollowedShards($"f{Followers - 1}").Count < shards)
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        Console.WriteLine($"{Followers} followers on all of them after {clock.Elapsed.TotalSeconds:F1} s");
        await Task.Delay(options.IsSmoke ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(10));

        using var process = Process.GetCurrentProcess();
        var (questions, cpu) = (await QuestionsAsync(first), process.TotalProcessorTime);
        clock.Restart();
        await Task.Delay(options.IsSmoke ? options.Slice : TimeSpan.FromMinutes(1));
        process.Refresh();
        var (seconds, asked) = (clock.Elapsed.TotalSeconds, await QuestionsAsync(first) - questions - 1);
        var used = (process.TotalProcessorTime - cpu).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"idle: {asked / seconds:F1} statements/s to each server, {100 * used / seconds:F1} % of a processor, ")
            + $"{process.WorkingSet64 >> 20} MB");
    }

    static async Task<long> QuestionsAsync(DatabaseServer server) => Convert.ToInt64(
        await server.ScalarAsync("SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS "
            + "WHERE VARIABLE_NAME='QUESTIONS'"), CultureInfo.InvariantCulture);

    sealed class Nobody(string name) : IFollower
    {
        public string Name => name;

        public ValueTask HandleAsync(JournalTransaction transaction, CancellationToken cancellation) =>
            ValueTask.CompletedTask;
    }
}
