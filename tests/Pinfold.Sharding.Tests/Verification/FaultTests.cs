using System.Text;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Following;
using Pinfold.Sharding.Verification;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Verification;

/// <summary>
/// What is made wrong by SQL behind the library's back is found by the check that is for it, and by no other.
/// </summary>
public sealed class FaultTests
{
    static readonly ShardId Shard = new(0);

    [Theory, EveryEngine]
    public async Task CountsAreFoundAndSetRight(string engine)
    {
        await using var verified = await VerifiedFleet.StartAsync(engine);
        var (first, second) = (verified.Boards[0], verified.Boards[1]);
        await verified.Fleet.SqlAsync(
            Shard, $"UPDATE entries SET n=n+2 WHERE from_id={first} AND mapping=1 AND to_id=0");
        await verified.Fleet.SqlAsync(
            Shard, $"DELETE FROM entries WHERE from_id={second} AND mapping=2 AND to_id=0");

        var report = await FindsAsync(verified, VerifyChecks.Counts);

        report.Faults.ShouldBe(2);
        report.Shards[0].Findings[0].What.ShouldBe($"board_has_pins of {first} counts 5 and has 3 entries");
        await RepairsAsync(verified, report);
        (await verified.Store.CountAsync(StorageModel.BoardHasPins, first)).ShouldBe(3);
        (await verified.Store.CountAsync(StorageModel.BoardFollowsBoards, second)).ShouldBe(7);
    }

    [Theory, EveryEngine]
    public async Task AMissingReverseIsFoundAndPut(string engine)
    {
        await using var verified = await VerifiedFleet.StartAsync(engine);
        var (from, to) = (verified.Boards[0], verified.Boards[6]);
        await verified.Fleet.SqlAsync(to.Shard, $"DELETE FROM entries WHERE {verified.Sql(from, to).Reverse};"
            + $"UPDATE entries SET n=n-1 WHERE mapping=3 AND from_id={to} AND to_id=0");

        var report = await FindsAsync(verified, VerifyChecks.Forward);

        report.Shards[0].Findings.ShouldHaveSingleItem().What
            .ShouldBe($"board_follows_boards from {from} to {to} has no reverse on shard 3");
        await RepairsAsync(verified, report);
        (await verified.Store.CountAsync(StorageModel.BoardFollowedByBoards, to)).ShouldBe(7);
    }

    [Theory, EveryEngine]
    public async Task AReverseWithoutItsEntryIsFoundAndRemoved(string engine)
    {
        await using var verified = await VerifiedFleet.StartAsync(engine);
        // The last that its shard wrote: what the reverse has is of the newest number.
        var (from, to) = (verified.Boards[1], verified.Boards[6]);
        await verified.Fleet.SqlAsync(from.Shard, $"DELETE FROM entries WHERE {verified.Sql(from, to).Forward};"
            + $"UPDATE entries SET n=n-1 WHERE mapping=2 AND from_id={from} AND to_id=0");

        var report = await FindsAsync(verified, VerifyChecks.Reverse);

        report.Shards[3].Findings.ShouldHaveSingleItem().ToDo.ShouldStartWith("--repair removes");
        await RepairsAsync(verified, report);
        (await verified.Store.CountAsync(StorageModel.BoardFollowedByBoards, to)).ShouldBe(6);
        // What is written later wins over the repair.
        var again = verified.Store.Begin(from.Shard);
        again.Put(StorageModel.BoardFollowsBoards, from, to, 8);
        await again.CommitAsync();
        await verified.Host!.DrainAsync();
        (await verified.VerifyAsync()).Faults.ShouldBe(0);
        (await verified.Store.CountAsync(StorageModel.BoardFollowedByBoards, to)).ShouldBe(7);
    }

    [Theory, EveryEngine]
    public async Task AReverseOfAnotherSequenceIsFoundAndPutRight(string engine)
    {
        await using var verified = await VerifiedFleet.StartAsync(engine);
        var (from, to) = (verified.Boards[2], verified.Boards[5]);
        await verified.Fleet.SqlAsync(
            to.Shard, $"UPDATE entries SET sequence=9 WHERE {verified.Sql(from, to).Reverse}");
        await RepairsAsync(verified, await FindsAsync(verified, VerifyChecks.Reverse));
    }

    [Theory, EveryEngine]
    public async Task WhatAJournalAndItsShardSayOtherwiseIsFound(string engine)
    {
        await using var verified = await VerifiedFleet.StartAsync(engine);
        var fleet = verified.Fleet;
        var entries = (await fleet.SqlAsync(Shard, "SELECT HEX(entries) FROM journal WHERE seq=1"))[0][0];
        foreach (var (breaks, mends) in new[]
        {
            ("UPDATE journal SET seq=100000 WHERE seq=2", "UPDATE journal SET seq=2 WHERE seq=100000"),
            ("UPDATE shard SET last_seq=last_seq-1", "UPDATE shard SET last_seq=last_seq+1"),
            ("UPDATE shard SET last_local_id=last_local_id-1", "UPDATE shard SET last_local_id=last_local_id+1"),
            ("UPDATE journal SET entries=x'5b7b' WHERE seq=1", $"UPDATE journal SET entries=x'{entries}' WHERE seq=1"),
        })
        {
            await fleet.SqlAsync(Shard, breaks);
            (await FindsAsync(verified, VerifyChecks.Journal)).Shards[0].Findings.ShouldNotBeEmpty(breaks);
            await fleet.SqlAsync(Shard, mends);
        }
        await FindsNothingAsync(verified);
    }

    [Theory, EveryEngine]
    public async Task WhatIsLostOrOfAnotherIsFound(string engine)
    {
        await using var verified = await VerifiedFleet.StartAsync(engine);
        var (fleet, pin) = (verified.Fleet, verified.Pins[0]);
        await fleet.SqlAsync(Shard, $"DELETE FROM objects WHERE type=1 AND local_id={pin.Local}");
        (await FindsAsync(verified, VerifyChecks.Dangling)).Faults.ShouldBe(1);
        await fleet.SqlAsync(
            Shard, $"INSERT INTO objects(type,local_id,version,seq,state,body)VALUES(1,{pin.Local},1,1,1,x'7b7d')");
        (await FindsNothingAsync(verified)).Shards[0].Findings.ShouldHaveSingleItem()
            .What.ShouldBe("1 entries of board_has_pins lead to deleted objects");

        var (drops, makes) = engine == TestShards.Sqlite
            ? ("DROP INDEX names_reserved", "CREATE INDEX names_reserved ON names(owner_id,at)")
            : ("DROP INDEX names_reserved ON names", "CREATE INDEX names_reserved ON names(owner_id,at)");
        await fleet.SqlAsync(Shard, drops);
        (await FindsAsync(verified, VerifyChecks.Schema)).Shards[0].Findings[0].What
            .ShouldBe("there is no index names.names_reserved (owner_id,at)");
        await fleet.SqlAsync(Shard, makes);
        await fleet.SqlAsync(Shard, "ALTER TABLE objects ADD COLUMN colour INTEGER");
        (await FindsAsync(verified, VerifyChecks.Schema)).Faults.ShouldBe(1);
        await fleet.SqlAsync(Shard, "ALTER TABLE objects DROP COLUMN colour");

        await fleet.SqlAsync(Shard, "UPDATE shard SET epoch=2");
        (await FindsAsync(verified, VerifyChecks.Epochs)).Faults.ShouldBe(1);
        await fleet.SqlAsync(Shard, "UPDATE shard SET epoch=1");

        var copies = (await verified.Store.Servers.GetAsync(fleet.Topology.Current.Shard(Shard).Server)).Server.Copies;
        var by = new MarkHolder("move-nobody-knows", "gone");
        await copies.MarkLeavingAsync(Shard, 1, by, default);
        (await FindsAsync(verified, VerifyChecks.Marks)).Faults.ShouldBe(1);
        await copies.ReopenAsync(Shard, keepsMark: false, by, default);
        await FindsNothingAsync(verified);
    }

    [Theory, EveryEngine]
    public async Task NamesAreTheirOwners(string engine)
    {
        await using var verified = await VerifiedFleet.StartAsync(engine);
        var (fleet, name) = (verified.Fleet, verified.Names[0]);
        var on = verified.Store.Names.NameShard(Fleet.UserName, Encoding.UTF8.GetBytes(name));
        var row = $"kind=1 AND name=x'{Convert.ToHexString(Encoding.UTF8.GetBytes(name))}'";
        await fleet.SqlAsync(on, $"UPDATE names SET owner_id=owner_id+1 WHERE {row}");
        // Where it is, and where it is claimed.
        (await FindsAsync(verified, VerifyChecks.Names)).Faults.ShouldBe(2);
        await fleet.SqlAsync(on, $"UPDATE names SET owner_id=owner_id-1 WHERE {row}");
        await FindsNothingAsync(verified);
        await fleet.SqlAsync(on, $"DELETE FROM names WHERE {row}");
        (await FindsAsync(verified, VerifyChecks.Names)).Shards[0].Findings.ShouldHaveSingleItem()
            .What.ShouldContain($"claimed the user name \"{name}\"");
    }

    [Theory, EveryEngine]
    public async Task AReservationThatNobodySettledIsFoundAndGivenBack(string engine)
    {
        await using var verified = await VerifiedFleet.StartAsync(engine);
        var name = Enumerable.Range(0, 1000).Select(i => Encoding.UTF8.GetBytes($"wanted {i}"))
            .First(bytes => verified.Store.Names.NameShard(Fleet.UserName, bytes) == Shard);
        await verified.Fleet.SqlAsync(Shard, "INSERT INTO names(kind,name,owner_id,owner_shard,owner_tx,at)VALUES(1,"
            + $"x'{Convert.ToHexString(name)}',0,1,x'{new string('0', 31)}1',1000)");
        await RepairsAsync(verified, await FindsAsync(verified, VerifyChecks.Names));
        (await verified.Store.Names.FindOwnerAsync(Fleet.UserName, Encoding.UTF8.GetString(name))).ShouldBeNull();
        (await verified.Fleet.SqlAsync(Shard, "SELECT COUNT(*) FROM names WHERE owner_id=0"))[0][0].ShouldBe("0");
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task ATransactionThatIsThereTwiceIsFoundWhereItsIndexIsGone(string engine)
    {
        await using var verified = await VerifiedFleet.StartAsync(engine);
        var fleet = verified.Fleet;
        var first = (await fleet.SqlAsync(Shard, "SELECT HEX(tx) FROM journal WHERE seq=1"))[0][0];
        await fleet.SqlAsync(Shard, "ALTER TABLE journal DROP INDEX journal_tx");
        await fleet.SqlAsync(Shard, $"UPDATE journal SET tx=x'{first}' WHERE seq=(SELECT seq FROM(SELECT seq FROM "
            + "journal WHERE seq>1 AND INSTR(entries,'claim')=0 ORDER BY seq LIMIT 1)j)");
        var report = await FindsAsync(verified, VerifyChecks.Schema, VerifyChecks.Journal);
        report.Shards[0].Findings.ShouldContain(f => f.What.EndsWith("is there 2 times, first as 1"));
    }

    static async Task<FleetReport> FindsAsync(VerifiedFleet verified, params string[] checks)
    {
        var report = await verified.VerifyAsync();
        var found = report.Shards.SelectMany(shard => shard.Findings).Where(f => f.Kind != FindingKind.Note).ToList();
        report.Shards.SelectMany(shard => shard.Checks).Where(check => check.Faults > 0).Select(check => check.Name)
            .Distinct().ShouldBe(checks, ignoreOrder: true, string.Join('\n', found));
        report.NotJudged.ShouldBe(0, string.Join('\n', found));
        report.IsWhole.ShouldBeTrue();
        return report;
    }

    static Task<FleetReport> FindsNothingAsync(VerifiedFleet verified) => FindsAsync(verified);

    static async Task RepairsAsync(VerifiedFleet verified, FleetReport report)
    {
        var repaired = await verified.Verifier.RepairAsync(report);
        repaired.Count.ShouldBe((int)report.Faults);
        repaired.ShouldAllBe(its => its.Problem == null);
        await FindsNothingAsync(verified);
    }
}
