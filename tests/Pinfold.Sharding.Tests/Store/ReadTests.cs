using System.Text.Json.Serialization;
using Pinfold.Sharding.Caching.Memory;
using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Routing;
using Pinfold.Sharding.Telemetry;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Reads;
using Pinfold.Sharding.Topology;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>Reads of many things at once, and of what is not as it was.</summary>
public sealed partial class ReadTests
{
    sealed record OldView(string Title);

    sealed record NewView([property: JsonRequired] string Headline);

    sealed record Stranger(string Title)
    {
        public static ObjectType<Stranger> Type { get; } = new(9, "strangers", ViewJson.Default.Stranger);
    }

    [JsonSerializable(typeof(OldView)), JsonSerializable(typeof(NewView)), JsonSerializable(typeof(Stranger))]
    sealed partial class ViewJson : JsonSerializerContext;

    [Theory, EveryEngine]
    public async Task AScanGoesOverAllThatIsThereOfOneTypeAndNothingElse(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Shards = 2 });
        var notes = new List<ObjectId<Note>>();
        foreach (var shard in test.Shards)
            notes.AddRange((await FillAsync(test, shard, 10)).Notes);
        var change = test.Store.Begin(test.Shard);
        change.Delete(notes[3]);
        change.Erase(notes[4]);
        change.Update(notes[5], new Note("another"));
        await change.CommitAsync();
        var there = notes.Where(n => n != notes[3] && n != notes[4]).ToList();

        var found = new List<Stored<Note>>();
        var after = new Dictionary<ShardId, ObjectId<Note>>();
        for (var isMore = true; isMore;)
        {
            var batch = test.Store.Read();
            var parts = test.Shards.Select(s => batch.Scan(s, after.GetValueOrDefault(s), 4)).ToList();
            await batch.ExecuteAsync();
            foreach (var part in parts.Where(p => p.Value.Count > 0))
                after[part.Value[0].Id.Shard] = part.Value[^1].Id;
            found.AddRange(parts.SelectMany(p => p.Value));
            isMore = parts.Exists(p => p.Value.Count == 4);
        }

        found.ConvertAll(f => f.Id).ShouldBe(there, ignoreOrder: true);
        foreach (var shard in test.Shards)
            found.Where(f => f.Id.Shard == shard).Select(f => f.Id).ShouldBeInOrder();
        found.Single(f => f.Id == notes[5]).ShouldSatisfyAllConditions(
            f => f.Body.ShouldBe(new Note("another")), f => f.Version.ShouldBe(2));
    }

    [Fact]
    public async Task AScanFromAnObjectOfAnotherShardIsRefused()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite, new() { Shards = 2 });
        var (_, notes) = await FillAsync(test, test.Shards[1], 1);

        var batch = test.Store.Read();
        Should.Throw<PinfoldException>(() => batch.Scan(test.Shard, notes[0], 1)).Kind.ShouldBe(ErrorKind.Invalid);
        Should.Throw<PinfoldException>(() => batch.Scan(test.Shard, default(ObjectId<Note>), 0))
            .Kind.ShouldBe(ErrorKind.Invalid);
    }

    [Theory, EveryEngine]
    public async Task ABatchMayBeFull(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        var transaction = test.Store.Begin(test.Shard);
        var shelf = transaction.Create(new Shelf("a shelf"));
        transaction.Put(ShelfHasNotes, shelf, transaction.Create(new Note("a note")), 1);
        await transaction.CommitAsync();

        var batch = test.Store.Read();
        var counts = Enumerable.Range(0, 500).Select(_ => batch.Count(ShelfHasNotes, shelf.Id)).ToList();
        var pages = Enumerable.Range(0, 500).Select(_ => batch.Page(ShelfHasNotes, shelf.Id, new PageRequest(9)))
            .ToList();
        await batch.ExecuteAsync();

        counts.ShouldAllBe(count => count.Value == 1);
        pages.ShouldAllBe(page => page.Value.Items.Count == 1);
    }

    [Fact]
    public async Task ATypeOrAMappingThatTheModelLacksIsNamedAndNotTakenForAServersFailure()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var id = Stranger.Type.Id(new ObjectId(test.Shard, 9, 1));
        var shelf = Shelf.Type.Id(new ObjectId(test.Shard, 2, 1));
        var mapping = new Mapping<Shelf, Stranger>(9, "shelf_has_strangers");
        var transaction = test.Store.Begin(test.Shard);
        Func<Task>[] calls =
        [
            () => test.Store.FindAsync(id), () => test.Store.FindManyAsync([id]),
            () => test.Store.CountAsync(mapping, shelf), () => test.Store.PageAsync(mapping, shelf, new(1)),
            () => Task.Run(() => transaction.Create(new Stranger("x"))),
            () => Task.Run(() => transaction.Put(mapping, shelf, id, 1)),
        ];

        foreach (var call in calls)
        {
            var error = await Should.ThrowAsync<PinfoldException>(call);
            error.Kind.ShouldBe(ErrorKind.Invalid);
            error.Message.ShouldContain("of this store's model");
            error.Message.ShouldContain("stranger", Case.Insensitive);
        }
    }

    [Fact]
    public async Task OfAPartialReadABodyThatCannotBeReadFailsAlone()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var transaction = test.Store.Begin(test.Shard);
        var notes = Enumerable.Range(0, 3).Select(i => transaction.Create(new Note($"{i}"))).ToList();
        await transaction.CommitAsync();
        await test.SqlAsync(test.Shard, $"UPDATE objects SET body=x'00' WHERE type=1 AND local_id={notes[1].Id.Local}");

        var read = await test.Store.FindManyPartialAsync([.. notes.Select(note => note.Id)]);

        read.Items.Select(item => item?.Body.Title).ShouldBe(["0", null, "2"]);
        var failure = read.Failures.ShouldHaveSingleItem();
        (failure.Place, failure.Error.Kind).ShouldBe((1, ErrorKind.Corrupt));
    }

    [Fact]
    public async Task ACachedValueThatAnotherVersionOfTheProgramMadeIsMadeAnew()
    {
        await using var cache = new MemoryCache();
        await using var test = await TestStore.StartAsync(TestShards.Sqlite, new() { Cache = cache });
        var (key, hour) = ("view", TimeSpan.FromHours(1));
        await test.Store.CachedAsync(key, hour, ViewJson.Default.OldView,
            _ => Task.FromResult<OldView?>(new("old")));

        var made = await test.Store.CachedAsync(key, hour, ViewJson.Default.NewView,
            _ => Task.FromResult<NewView?>(new("new")));
        var cached = await test.Store.CachedAsync<NewView>(key, hour, ViewJson.Default.NewView,
            _ => throw new InvalidOperationException("it is cached"));

        made.ShouldBe(new NewView("new"));
        cached.ShouldBe(made);
    }

    [Fact]
    public async Task AServerThatCouldNotBeOpenedForWhateverReasonIsOpenedByTheNextWhoAsks()
    {
        var attempts = 0;
        var spec = new SqliteServerSpec("s", "/nowhere");
        await using var servers = new ServerSet(
            _ => attempts++ == 0 ? throw new InvalidOperationException("not now")
                : Task.FromResult<IShardServer>(new HeldServer()),
            CommitLimits.Default, TimeProvider.System, new ShardingMetrics());
        await Should.ThrowAsync<InvalidOperationException>(() => servers.GetAsync(spec).AsTask());

        (await servers.GetAsync(spec)).Server.Name.ShouldBe("held");
    }
}
