using System.Text;
using Pinfold.Sharding.Engines;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>What every engine does with names.</summary>
public sealed class NameContractTests
{
    static readonly byte[] Ada = "ada"u8.ToArray();
    static readonly ShardId OwnerShard = new(65535);
    static readonly ObjectId Owner = new(OwnerShard, 2, 5);
    static readonly DateTimeOffset Noon = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
    static readonly TransactionId Mine = TransactionId.New(Noon), Theirs = TransactionId.New(Noon);

    [Theory, EveryEngine]
    public async Task ANameIsReservedOnceThenBelongsToWhomItIsConfirmedFor(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        (await FindAsync(shards, 1, Ada)).ShouldBeNull();

        await shards.CommitAsync(new ReserveName(1, Ada, OwnerShard, Mine, Noon));
        ShouldBe(await FindAsync(shards, 1, Ada), new NameRow(1, Ada, default, OwnerShard, Mine, Noon));
        await shards.CommitAsync(new ConfirmName(1, Ada, Theirs, new ObjectId(OwnerShard, 2, 6)));
        ShouldBe(await FindAsync(shards, 1, Ada), new NameRow(1, Ada, default, OwnerShard, Mine, Noon));
        await shards.CommitAsync(new ConfirmName(1, Ada, Mine, Owner));
        await shards.CommitAsync(new ConfirmName(1, Ada, Mine, Owner));

        ShouldBe(await FindAsync(shards, 1, Ada), new NameRow(1, Ada, Owner, OwnerShard, Mine, Noon));
        (await FindAsync(shards, 2, Ada)).ShouldBeNull();
        await shards.CommitAsync(new ConfirmName(1, "nobody"u8.ToArray(), Mine, Owner));
        (await FindAsync(shards, 1, "nobody"u8.ToArray())).ShouldBeNull();
    }

    [Theory, EveryEngine]
    public async Task ATakenNameRefusesTheWholeCommit(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.CommitAsync(
            new ReserveName(1, Ada, OwnerShard, Mine, Noon), new ReserveName(2, Ada, OwnerShard, Mine, Noon));
        await shards.CommitAsync(new ConfirmName(2, Ada, Mine, Owner));
        var before = await shards.DumpAsync(shards.Shard);

        foreach (var kind in new byte[] { 1, 2 })
            (await TestShards.FailureOf(shards.CommitAsync(shards.New(
                new CreateObject(Pin.Type, 1, []), new ReserveName(3, Ada, OwnerShard, Theirs, Noon),
                new ReserveName(kind, Ada, OwnerShard, Theirs, Noon)))))
                .ShouldBe(CommitFailure.NameTaken);

        (await shards.DumpAsync(shards.Shard)).ShouldBe(before);
    }

    /// <summary>MySQL's message quotes the name beside the key, so a name may look like the journal's key.</summary>
    [Theory, EveryEngine]
    public async Task ATakenNameIsTakenWhateverItSays(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        foreach (var name in new[]
        {
            "journal_tx", "x' for key 'journal_tx'", "'last_seq'", "a\0b", "ADA", "ada", "ada ", "\u00e4",
        })
        {
            var reserve = new ReserveName(255, Encoding.UTF8.GetBytes(name), OwnerShard, Mine, Noon);
            await shards.CommitAsync(reserve);
            (await TestShards.FailureOf(shards.CommitAsync(shards.New(reserve))))
                .ShouldBe(CommitFailure.NameTaken, name);
        }
    }

    [Theory, EveryEngine]
    public async Task ANameIsGivenBackOnlyByItsOwnerOrItsReserver(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.CommitAsync(
            new ReserveName(1, Ada, OwnerShard, Mine, Noon), new ReserveName(2, Ada, OwnerShard, Mine, Noon));
        await shards.CommitAsync(new ConfirmName(2, Ada, Mine, Owner));

        foreach (var kind in new byte[] { 1, 2 })
            await shards.CommitAsync(
                new ReleaseName(kind, Ada, Theirs, new ObjectId(OwnerShard, 2, 99)),
                new ReleaseName(kind, Ada, Theirs, default),
                new ReleaseName(kind, Ada, null, default), new ReleaseName(kind, [], Mine, Owner));
        (await FindAsync(shards, 1, Ada)).ShouldNotBeNull();
        (await FindAsync(shards, 2, Ada)).ShouldNotBeNull();

        await shards.CommitAsync(new ReleaseName(1, Ada, Mine, default), new ReleaseName(2, Ada, null, Owner));
        (await FindAsync(shards, 1, Ada)).ShouldBeNull();
        (await FindAsync(shards, 2, Ada)).ShouldBeNull();
        await shards.CommitAsync(new ReserveName(1, Ada, OwnerShard, Theirs, Noon));
    }

    [Theory, EveryEngine]
    public async Task OldReservationsAreFoundOldestFirstAndConfirmedNamesAreNot(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        byte[] Name(int i) => [(byte)i];
        foreach (var i in new[] { 3, 1, 5, 2, 4 })
            await shards.CommitAsync(new ReserveName(1, Name(i), OwnerShard, Mine, Noon.AddMinutes(i)));
        await shards.CommitAsync(new ConfirmName(1, Name(2), Mine, Owner));

        async Task<IEnumerable<int>> OldAsync(DateTimeOffset before, int limit) =>
            (await shards.ReadAsync(new OldReservationsRead(shards.Shard, before, limit)))
                .Rows.Select(r => (int)r.Name[0]);
        (await OldAsync(Noon.AddMinutes(5), 10)).ShouldBe([1, 3, 4]);
        (await OldAsync(Noon.AddMinutes(6), 2)).ShouldBe([1, 3]);
        (await OldAsync(Noon, 2)).ShouldBeEmpty();
    }

    [Theory, EveryEngine]
    public async Task ANameCanBeConfirmedForAnObjectThatTheSameTransactionMakes(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, []), new ReserveName(1, Ada, shards.Shard, Mine, Noon));

        await shards.CommitAsync(
            new CreateObject(Board.Type, 1, []), new CreateObject(Board.Type, 2, []),
            new ConfirmName(1, Ada, Mine, new IdOrNew(default, shards.Shard, Board.Type.Number, 2)));

        (await FindAsync(shards, 1, Ada)).ShouldNotBeNull().Owner.ShouldBe(new ObjectId(shards.Shard, 2, 3));
    }

    static async Task<NameRow?> FindAsync(TestShards shards, byte kind, byte[] name) =>
        (await shards.ReadAsync(new NameRead(shards.Shard, kind, name))).Row;

    static void ShouldBe(NameRow? row, NameRow expected)
    {
        row.ShouldNotBeNull().Name.ShouldBe(expected.Name);
        (row with { Name = expected.Name }).ShouldBe(expected);
    }
}
