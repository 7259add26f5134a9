using Microsoft.Data.Sqlite;
using Pinfold.Cli.Tests.Running;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Commands;

/// <summary>How much of the journals is kept, as whoever runs the installation sees and changes it.</summary>
public sealed class JournalCommandTests
{
    /// <summary>So many of the newest of a shard stay in any case.</summary>
    const int Kept = 10_000;

    [Fact]
    public async Task WhatIsOldAndNobodyNeedsIsTrimmed()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        var last = await LengthenAsync(place, shard: 3, Kept + 500);
        await FollowAsync(place, new Passing("gone"), host => host.DrainAsync());

        var status = (await place.RunAsync("journal", "status", "--json")).ShouldEnd(0).Json;
        status["unknownFollowers"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldBe(["gone"]);
        var journal = status["journals"]!.AsArray().ShouldHaveSingleItem()!;
        (journal["server"]!.GetValue<string>(), journal["shards"]!.GetValue<int>()).ShouldBe(("embedded", 16));
        journal["couldGo"]!.GetValue<long>().ShouldBe(last - Kept);
        (await place.RunAsync("journal", "status")).ShouldEnd(0).Out.ShouldContain("pinfold follower forget gone");
        (await place.RunAsync("journal", "trim", "--dry-run")).ShouldEnd(0).Out
            .ShouldContain("This would trim journals to what was written since");
        (await FirstAsync(place, 3)).ShouldBe(1);

        var trimmed = (await place.RunAsync("journal", "trim", "--why", "room", "--json")).ShouldEnd(0).Json;
        trimmed["state"]!.GetValue<string>().ShouldBe("done");
        trimmed["steps"]!.AsArray().ShouldHaveSingleItem()!["done"]!.GetValue<long>().ShouldBe(last - Kept);
        (await FirstAsync(place, 3)).ShouldBe(last - Kept + 1);
        (await place.RunAsync("journal", "trim", "--shard", "3")).ShouldEnd(0).Out.ShouldContain("Nothing can go now.");
    }

    [Fact]
    public async Task AFollowerThatComesLaterIsToldAndGoesOnOnceItWasMadeAnew()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        await LengthenAsync(place, shard: 3, Kept + 10);
        (await place.RunAsync("journal", "trim")).ShouldEnd(0);
        await FollowAsync(place, new Passing("late"), async host =>
        {
            while (!host.Waiting.Any(waits => waits.Follower == "late"))
                await Task.Delay(10);
        });

        var listed = (await place.RunAsync("follower", "list")).ShouldEnd(0).Out;
        listed.ShouldContain("late has to be made anew (from the tables): the journal of shard 3 begins at");
        (await place.RunAsync("follower", "rebuilt", "late")).ShouldEnd(0).Out
            .ShouldContain("late goes on where the journals of 1 shards begin");
        (await place.RunAsync("follower", "list")).ShouldEnd(0).Out.ShouldNotContain("late has to be made anew");
        (await place.RunAsync("follower", "rebuilt", "late")).ShouldEnd(0).Out.ShouldContain("nothing was changed");
        (await place.RunAsync("follower", "rebuilt", "nobody")).ShouldRefuse(3, "nobody");

        (await place.RunAsync("follower", "forget", "late")).ShouldRefuse(2, "--yes");
        (await place.RunAsync("follower", "forget", "names", "--yes")).ShouldRefuse(4, "This program has");
        (await place.RunAsync("follower", "forget", "late", "--yes")).ShouldEnd(0).Out.ShouldContain("16 shards");
        (await place.RunAsync("follower", "forget", "late", "--yes")).ShouldRefuse(3, "late");
    }

    [Fact]
    public async Task WhatIsWrongIsRefusedWithWhatWouldBeRight()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        (await place.RunAsync("journal", "trim", "--keep", "12h")).ShouldRefuse(2, "24 hours");
        (await place.RunAsync("journal", "trim", "--keep", "long")).ShouldRefuse(2, "7d");
        (await place.RunAsync("journal", "status", "--shard", "0-99")).ShouldRefuse(3, "99");
        (await place.RunAsync("journal", "status", "--server", "db7")).ShouldRefuse(3, "db7");
    }

    static async Task<long> FirstAsync(Place place, int shard) =>
        (await place.RunAsync("journal", "status", "--shard", $"{shard}", "--json")).ShouldEnd(0).Json["journals"]![0]![
            "first"]!.GetValue<long>();

    /// <summary>So many transactions of a month ago; gives the last number.</summary>
    static async Task<long> LengthenAsync(Place place, int shard, int transactions)
    {
        var file = Directory.GetFiles(place.Data, $"pinfold{shard:D5}.db", SearchOption.AllDirectories).Single();
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            UPDATE journal SET at=$old;
            WITH RECURSIVE n(i)AS(SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<{transactions})
            INSERT INTO journal(seq,tx,at,local_base,entries)
              SELECT last_seq+i,randomblob(16),$old,0,CAST('[]' AS BLOB)FROM n,shard;
            UPDATE shard SET last_seq=last_seq+{transactions};
            SELECT last_seq FROM shard
            """;
        command.Parameters.AddWithValue("$old", TimeProvider.System.GetUtcNow().AddDays(-30).ToUnixTimeMilliseconds());
        return (long)(await command.ExecuteScalarAsync())!;
    }

    static async Task FollowAsync(Place place, IFollower follower, Func<FollowerHost, Task> until)
    {
        await using var opened = await place.OpenAsync();
        await using var host = new FollowerHost(opened.Store, [follower]);
        await host.StartAsync();
        await until(host);
        await host.StopAsync();
    }

    sealed class Passing(string name) : IFollower
    {
        public string Name => name;

        public ValueTask HandleAsync(JournalTransaction transaction, CancellationToken cancellation) => default;
    }
}
