using System.Collections.Concurrent;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Testing;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>
/// Writers that change the same few objects at the same time. What each was told, put in the order of the numbers that
/// it was told, must be a story that a map in memory can follow; and at its end the store holds what the map holds.
/// </summary>
public sealed class ModelTests
{
    const int Writers = 8, Steps = 40, Notes = 5, Shelves = 2;

    abstract record Change;

    sealed record Created(ObjectId<Note> Note, string Title, ObjectId<Shelf> On, long Sequence) : Change;

    sealed record Updated(ObjectId<Note> Note, string Title, long? Expected) : Change;

    sealed record Removed(ObjectId<Note> Note, bool Erased, ObjectId<Shelf> From) : Change;

    sealed record Put(ObjectId<Note> Note, ObjectId<Shelf> On, long Sequence) : Change;

    [Theory, EveryEngine]
    public async Task WhatConcurrentWritersWereToldIsAStoryAndItsEndIsWhatIsStored(string engine)
    {
        var seed = Seed.Take(TestContext.Current.TestOutputHelper!.WriteLine);
        await using var test = await TestStore.StartAsync(engine, new() { Shards = 2 });
        var told = new ConcurrentBag<(Commit Commit, Change Change)>();
        var conflicts = 0;
        var shelves = await CreateShelvesAsync(test);
        var notes = new ConcurrentDictionary<ObjectId<Note>, bool>();

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(async () =>
        {
            var random = seed.NewRandom(i);
            for (var step = 0; step < Steps; step++)
            {
                var shard = test.Shards[random.Next(test.Shards.Count)];
                var here = shelves.Where(s => s.Shard == shard).ToArray();
                var known = notes.Keys.Where(n => n.Shard == shard).Order().ToArray();
                var (transaction, change) = Next(test, random, here, known);
                try
                {
                    var commit = await transaction.CommitAsync();
                    var done = change();
                    if (done is Created created)
                        notes[created.Note] = true;
                    told.Add((commit, done));
                }
                catch (PinfoldException e) when (e.Kind is ErrorKind.Conflict or ErrorKind.NotFound)
                {
                    Interlocked.Increment(ref conflicts);
                }
            }
        })));

        conflicts.ShouldBeGreaterThan(0, "they were to meet");
        foreach (var shard in test.Shards)
            await CompareAsync(test, shard, shelves,
                [.. told.Where(t => t.Commit.Shard == shard).OrderBy(t => t.Commit.Seq)]);
        await test.AuditAsync();
    }

    static (Transaction, Func<Change>) Next(
        TestStore test, Random random, ObjectId<Shelf>[] shelves, ObjectId<Note>[] known)
    {
        var transaction = test.Store.Begin(shelves[0].Shard);
        var (title, sequence, shelf) = ($"t{random.Next()}", random.NextInt64(-9, 9),
            shelves[random.Next(shelves.Length)]);
        if (known.Length < Notes || random.Next(12) == 0)
        {
            var created = transaction.Create(new Note(title));
            transaction.Put(ShelfHasNotes, shelf, created, sequence);
            return (transaction, () => new Created(created.Id, title, shelf, sequence));
        }
        var note = known[random.Next(known.Length)];
        switch (random.Next(5))
        {
            case 0:
                var erased = random.Next(2) == 0;
                transaction.Remove(ShelfHasNotes, shelf, note);
                if (erased)
                    transaction.Erase(note);
                else
                    transaction.Delete(note);
                return (transaction, () => new Removed(note, erased, shelf));
            case 1:
                transaction.Put(ShelfHasNotes, shelf, note, sequence);
                return (transaction, () => new Put(note, shelf, sequence));
            default:
                long? expected = random.Next(3) == 0 ? null : random.Next(1, 4);
                transaction.Update(note, new Note(title), expected);
                return (transaction, () => new Updated(note, title, expected));
        }
    }

    static async Task CompareAsync(
        TestStore test, ShardId shard, List<ObjectId<Shelf>> shelves, List<(Commit Commit, Change Change)> story)
    {
        story.Select(s => s.Commit.Seq).ShouldBe(Enumerable.Range(2, story.Count).Select(i => (long)i));
        var objects = new Dictionary<ObjectId<Note>, (string? Title, long Version, bool IsErased)>();
        var entries = new Dictionary<(ObjectId<Shelf>, ObjectId<Note>), long>();
        foreach (var (_, change) in story)
            Follow(change, objects, entries);

        var ids = objects.Keys.ToList();
        var found = await test.Store.FindManyAsync(ids);
        found.Select(f => (f?.Body.Title, f?.Version)).ShouldBe(
            ids.Select(id => objects[id] is (string title, var version, _)
                ? (title, version) : (default(string), default(long?))));
        foreach (var shelf in shelves.Where(s => s.Shard == shard))
        {
            var expected = entries.Where(e => e.Key.Item1 == shelf).Select(e => (e.Value, e.Key.Item2))
                .OrderDescending().ToList();
            (await test.Store.CountAsync(ShelfHasNotes, shelf)).ShouldBe(expected.Count);
            var pages = new List<(long, ObjectId<Note>)>();
            for (string? cursor = ""; cursor is not null;)
            {
                var page = await test.Store.PageAsync(ShelfHasNotes, shelf,
                    new PageRequest(3) { Cursor = cursor is "" ? null : cursor });
                pages.AddRange(page.Items.Select(i => (i.Sequence, i.To)));
                cursor = page.Next;
            }
            pages.ShouldBe(expected);
        }
    }

    static void Follow(
        Change change, Dictionary<ObjectId<Note>, (string? Title, long Version, bool IsErased)> objects,
        Dictionary<(ObjectId<Shelf>, ObjectId<Note>), long> entries)
    {
        switch (change)
        {
            case Created(var note, var title, var shelf, var sequence):
                objects.Add(note, (title, 1, false));
                entries[(shelf, note)] = sequence;
                break;
            case Updated(var note, var title, var expected):
                objects[note].Title.ShouldNotBeNull("an update of a deleted note was told to be done");
                objects[note].Version.ShouldBe(expected ?? objects[note].Version);
                objects[note] = (title, objects[note].Version + 1, false);
                break;
            case Removed(var note, var erased, var shelf):
                (erased ? !objects[note].IsErased : objects[note].Title is not null)
                    .ShouldBeTrue("it was removed before");
                objects[note] = (null, objects[note].Version + 1, erased);
                entries.Remove((shelf, note));
                break;
            case Put(var note, var shelf, var sequence):
                entries[(shelf, note)] = sequence;
                break;
        }
    }

    static async Task<List<ObjectId<Shelf>>> CreateShelvesAsync(TestStore test)
    {
        var shelves = new List<ObjectId<Shelf>>();
        foreach (var shard in test.Shards)
        {
            var transaction = test.Store.Begin(shard);
            var created = Enumerable.Range(0, Shelves).Select(i => transaction.Create(new Shelf($"{i}"))).ToList();
            await transaction.CommitAsync();
            shelves.AddRange(created.Select(c => c.Id));
        }
        return shelves;
    }
}
