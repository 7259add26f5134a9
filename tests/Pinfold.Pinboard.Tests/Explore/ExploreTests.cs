using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Explore;
using Pinfold.Pinboard.Likes;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Tests.Images;
using Pinfold.Sharding;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Explore;

/// <summary>What is explored is what is public, recent and popular, whatever happened.</summary>
public sealed class ExploreTests(PinboardEngines engines, ITestOutputHelper output) : IClassFixture<PinboardEngines>
{
    static readonly TimeSpan LimitMax = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhateverHappensItIsWhatTheShardsImply(string engine)
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        await using var pinboard = await engines.StartQuietAsync(engine);
        var run = random.Next(1_000_000);
        var people = new List<TestUser>();
        var boards = new List<(ObjectId<Board> Id, TestUser Owner)>();
        var pins = new List<(ObjectId<Pin> Id, TestUser Owner)>();
        for (var i = 0; i < 5; i++)
        {
            people.Add(await pinboard.AddUserAsync($"hot-{run}-{i}"));
            boards.Add((await pinboard.AddBoardAsync(people[i], "Open"), people[i]));
        }
        await pinboard.FollowAsync();
        await pinboard.Get<ExploreKeeper>().KeepAsync(default);
        for (var step = 1; step <= Soak.Times(80, 1_000); step++)
        {
            await StepAsync();
            if (step % 40 != 0)
                continue;
            await pinboard.SettleAsync();
            await ShouldShowAsync(pinboard, run, await ImpliedAsync(pinboard, pins));
        }

        async Task StepAsync()
        {
            var (person, board) = (people[random.Next(people.Count)], boards[random.Next(boards.Count)]);
            var dice = random.Next(100);
            if (dice < 40 || pins.Count == 0)
            {
                pins.Add((await PinAsync(pinboard, board.Owner, board.Id, random), board.Owner));
                return;
            }
            var pin = pins[random.Next(pins.Count)];
            try
            {
                switch (dice)
                {
                    case < 60:
                        await pinboard.Get<LikeService>().LikeAsync(person.Viewer, pin.Id, default);
                        break;
                    case < 72:
                        await pinboard.Get<CommentService>().AddAsync(person.Viewer, pin.Id, "So it is", default);
                        break;
                    case < 78:
                        await pinboard.Get<LikeService>().UnlikeAsync(person.Viewer, pin.Id, default);
                        break;
                    case < 86:
                        await pinboard.Pins.DeleteAsync(pin.Owner.Viewer, pin.Id, default);
                        pins.Remove(pin);
                        break;
                    case < 93:
                        await pinboard.Boards.UpdateAsync(
                            board.Owner.Viewer, board.Id, "Open", null, isSecret: random.Next(2) == 0, default);
                        break;
                    default:
                        var there = await pinboard.Store.GetAsync(pin.Id);
                        await pinboard.Pins.UpdateAsync(
                            pin.Owner.Viewer, pin.Id, "", null, null, !there.Body.IsSecret, there.Body.Board, default,
                            default);
                        break;
                }
            }
            catch (PinfoldException e) when (
                e.Kind is ErrorKind.Invalid or ErrorKind.NotFound or ErrorKind.Forbidden)
            {
                // One's own, a secret one: as it should be.
            }
        }
    }

    static Task<ObjectId<Pin>> PinAsync(
        TestPinboard pinboard, TestUser owner, ObjectId<Board> board, Random random) =>
        pinboard.Pins.CreateAsync(owner.Id, new NewPin(board)
        {
            CreatedAt = TimeProvider.System.GetUtcNow().AddHours(-random.Next(100)),
            IsSecret = random.Next(5) == 0,
        }, default);

    [Fact]
    public async Task OnlyWhatEverybodyMaySeeIsShownBeforeAnybodyHeardOfIt()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var explore = pinboard.Get<ExploreReader>();
        (await explore.ReadAsync(Viewer.Anybody, null, default)).IsMissing.ShouldBeTrue();
        var (mira, noor) = (await pinboard.AddUserAsync("mira"), await pinboard.AddUserAsync("noor"));
        var photo = new MemoryStream(Sample.Named("baseline.jpg").Read());
        var picture = await pinboard.Get<PictureMaker>().ReceiveAsync(mira.Id, photo, default);
        var (open, hidden) = (
            await pinboard.AddBoardAsync(mira, "Open"), await pinboard.AddBoardAsync(mira, "Hidden", isSecret: true));
        var theirs = await pinboard.AddBoardAsync(noor, "Theirs");
        var shown = await pinboard.Pins.CreateAsync(mira.Id, new NewPin(open) { Picture = picture }, default);
        var other = await pinboard.Pins.CreateAsync(noor.Id, new NewPin(theirs) { Picture = picture }, default);
        await pinboard.Pins.CreateAsync(mira.Id, new NewPin(open) { Picture = picture, IsSecret = true }, default);
        await pinboard.Pins.CreateAsync(mira.Id, new NewPin(hidden) { Picture = picture }, default);
        var words = await pinboard.AddPinAsync(mira, open, "no picture");
        await pinboard.Get<ExploreKeeper>().KeepAsync(default);
        (await ShownAsync(Viewer.Anybody)).ShouldBe([shown, other, words], ignoreOrder: true);
        (await ShownAsync(mira.Viewer)).ShouldBe([shown, other, words], ignoreOrder: true, "her own secrets neither");
        (await explore.ReadPicturesAsync(10, default)).Pins.Select(p => p.Pin.Id)
            .ShouldBe([shown, other], ignoreOrder: true);

        await pinboard.Get<BlockService>().BlockAsync(mira.Viewer, noor.Id, default);
        (await ShownAsync(mira.Viewer)).ShouldNotContain(other);
        await pinboard.Boards.UpdateAsync(mira.Viewer, open, "Open", null, isSecret: true, default);
        (await ShownAsync(Viewer.Anybody)).ShouldBe([other]);
        await pinboard.Pins.DeleteAsync(noor.Viewer, other, default);
        (await ShownAsync(Viewer.Anybody)).ShouldBeEmpty();

        async Task<List<ObjectId<Pin>>> ShownAsync(Viewer viewer) =>
            [.. (await explore.ReadAsync(viewer, null, default)).Pins.Select(pin => pin.Pin.Id)];
    }

    [Fact]
    public void WhatIsLikedTenTimesMoreIsAsHotAsWhatIsHalfADayYounger()
    {
        const long Now = 1_800_000_000_000;
        var liked = Heat.Of(new PinCount(9, 0, 0), Now - 45_000_000, Now);
        var younger = Heat.Of(PinCount.Zero, Now, Now);
        liked.ShouldBe(younger);
        Heat.Of(PinCount.Zero, Now + 1_000_000, Now).ShouldBe(younger, "what says that it is of tomorrow is of today");
        Heat.Of(new PinCount(0, 0, 1), Now, Now).ShouldBeGreaterThan(Heat.Of(new PinCount(1, 0, 0), Now, Now));
    }

    /// <summary>All public pins, the hottest first: computed from what can be read of each.</summary>
    static async Task<List<ObjectId<Pin>>> ImpliedAsync(
        TestPinboard pinboard, IEnumerable<(ObjectId<Pin> Id, TestUser Owner)> pins)
    {
        var hot = new List<(ObjectId<Pin> Id, double Heat)>();
        foreach (var (id, _) in pins)
        {
            var pin = (await pinboard.Store.GetAsync(id)).Body;
            if (pin.IsSecret || (await pinboard.Store.GetAsync(pin.Board)).Body.IsSecret)
                continue;
            var likes = await pinboard.Store.CountAsync(PinboardModel.PinLikedByUser, id);
            var comments = await pinboard.Store.CountAsync(PinboardModel.PinHasComments, id);
            hot.Add((id, pin.CreatedAt.ToUnixTimeMilliseconds()
                + Math.Floor(45_000_000 * Math.Log10(1 + likes + (2 * comments)))));
        }
        return [.. hot.OrderByDescending(h => h.Heat).ThenByDescending(h => h.Id).Select(h => h.Id)];
    }

    static async Task ShouldShowAsync(TestPinboard pinboard, int run, IReadOnlyList<ObjectId<Pin>> implied)
    {
        using var limit = new CancellationTokenSource(LimitMax);
        var known = implied.ToHashSet();
        // A server is shared: others pin there, too.
        while (true)
        {
            await pinboard.Get<ExploreKeeper>().KeepAsync(default);
            var all = await pinboard.Get<IExploreStore>().ReadAsync(default) ?? [];
            var ours = all.Select(candidate => candidate.Pin).Where(pin => known.Contains(pin)).ToList();
            var mine = new HashSet<ObjectId<Pin>>();
            for (string? cursor = null; ;)
            {
                var page = await pinboard.Get<ExploreReader>().ReadAsync(Viewer.Anybody, cursor, default);
                mine.UnionWith(page.Pins
                    .Where(pin => pin.Author.Username.StartsWith($"hot-{run}-", StringComparison.Ordinal))
                    .Select(pin => pin.Pin.Id));
                if ((cursor = page.Next) is null)
                    break;
            }
            if (ours.SequenceEqual(implied) && mine.SetEquals(known))
                return;
            if (limit.IsCancellationRequested)
            {
                ours.ShouldBe(implied);
                mine.ShouldBe(known, ignoreOrder: true);
            }
            await Task.Delay(50);
        }
    }
}
