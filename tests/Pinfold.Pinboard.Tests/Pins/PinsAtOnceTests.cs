using System.Collections.Concurrent;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Pins;

/// <summary>Pins that are put on one board at once are in nobody's way.</summary>
public sealed class PinsAtOnceTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    const int Pins = 1000;
    const int Writers = 16;

    public static TheoryData<string> Engines => PinboardEngines.Names;

    public static TheoryData<string> Servers => PinboardEngines.ServerNames;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AThousandPinsOnOneBoardBySixteenWritersNeverConflict(string engine)
    {
        var pinboard = engines[engine];
        var owner = await pinboard.AddUserAsync("thousand");
        var board = await pinboard.AddBoardAsync(owner, "Sea");
        var section = await pinboard.Boards.GetOrCreateSectionAsync(board, "North", default);
        var before = await pinboard.Store.FindUncachedAsync(board, default);
        var made = new ConcurrentBag<ObjectId<Pin>>();
        var next = 0;

        using var trips = new RoundTrips(pinboard);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            for (int n; (n = Interlocked.Increment(ref next)) <= Pins;)
                made.Add(await pinboard.Pins.CreateAsync(owner.Id, new NewPin(board)
                {
                    Section = n % 2 == 0 ? section : default,
                    IsSecret = n % 5 == 0,
                }, default));
        })));

        trips.Refused.ShouldBe(0);
        var pins = await PinboardAudit.RunAsync(pinboard.Store, owner.Id, [board], [section]);
        pins.Keys.ShouldBe(made, ignoreOrder: true);
        pins.Values.Count(p => p.Section == section).ShouldBe(Pins / 2);
        pins.Values.Count(p => p.IsSecret).ShouldBe(Pins / 5);
        (await pinboard.Store.FindUncachedAsync(board, default)).ShouldBe(before, "nobody has written it");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task APinOnABoardThatIsCachedIsOneRoundTripToItsShard(string engine)
    {
        var pinboard = engines[engine];
        var owner = await pinboard.AddUserAsync("one");
        var board = await pinboard.AddBoardAsync(owner, "Sea");
        var section = await pinboard.Boards.GetOrCreateSectionAsync(board, "North", default);
        var pin = new NewPin(board) { Section = section };
        await pinboard.Pins.CreateAsync(owner.Id, pin, default);

        using var trips = new RoundTrips(pinboard);
        await pinboard.Pins.CreateAsync(owner.Id, pin, default);
        (trips.Reads, trips.Commits, trips.Refused).ShouldBe((0, 1, 0));

        var user = await pinboard.Store.GetAsync(owner.Id);
        var late = pinboard.Store.Begin(owner.Id.Shard);
        late.Update(owner.Id, user.Body, user.Version + 1);
        await Should.ThrowAsync<PinfoldException>(() => late.CommitAsync());
        trips.Refused.ShouldBe(1, "what is refused is counted");
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task APlaceThatAnotherProcessDeletedIsNotThereThoughTheCacheHasIt(string engine)
    {
        var pinboard = engines[engine];
        await using var other = await engines.StartAnotherAsync(engine);
        var owner = await pinboard.AddUserAsync("stale");
        var board = await pinboard.AddBoardAsync(owner, "Sea");
        var section = await pinboard.Boards.GetOrCreateSectionAsync(board, "North", default);
        var place = new NewPin(board) { Section = section };
        await pinboard.Pins.CreateAsync(owner.Id, place, default);

        await other.Boards.DeleteSectionAsync(owner.Viewer, section, default);
        (await pinboard.Store.FindAsync(section)).ShouldNotBeNull("its cache has not heard of it yet");
        await ShouldSayAsync(place, "There is no such section any more.");
        await other.Boards.DeleteAsync(owner.Viewer, board, default);
        (await pinboard.Store.FindAsync(board)).ShouldNotBeNull("its cache has not heard of it yet");
        await ShouldSayAsync(new NewPin(board), "There is no such board.");

        async Task ShouldSayAsync(NewPin pin, string message)
        {
            var refusal = await Should.ThrowAsync<PinfoldException>(
                () => pinboard.Pins.CreateAsync(owner.Id, pin, default));
            (refusal.Kind, refusal.Message).ShouldBe((ErrorKind.NotFound, message));
        }
    }
}
