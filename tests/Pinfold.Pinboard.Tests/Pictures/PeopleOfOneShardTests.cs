using NetVips;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Tests.Images;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Testing;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Pictures;

/// <summary>What waits on one shard is handled side by side: its people take turns at rendering.</summary>
public sealed class PeopleOfOneShardTests(ITestOutputHelper output)
{
    const int Many = 200;

    static readonly ObjectId<User> Holder = Id(1_000_001), Looker = Id(1_000_002);

    [Fact]
    public async Task HoweverManyPicturesOfOneWaitAnothersHasOneOfThemBeforeIt()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var turns = pinboard.Get<FairTurns>();
        var first = await turns.TakeAsync(Holder, default);
        var (amys, bens) = await PinAsync(pinboard);
        await pinboard.Get<FollowerHost>().StartAsync();
        await WaitForAsync(turns, Many + 1);

        // The turn after those that have to come first is the test's, which counts what is left.
        var look = turns.TakeAsync(Looker, default);
        first.Dispose();
        using (await look)
        {
            while (await StateAsync(pinboard, bens) == PictureState.Waiting)
                await Task.Delay(TimeSpan.FromMilliseconds(5));
            turns.Waiting.ShouldBe(Many - 1);
            (await StateAsync(pinboard, bens)).ShouldBe(PictureState.Ready);
        }
        amys.Count.ShouldBe(Many);
    }

    [Fact]
    public async Task AnothersPictureGetsItsTurnAlsoInTheMiddleOfMany()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var turns = pinboard.Get<FairTurns>();
        var looks = Enumerable.Range(0, 50).Select(_ => turns.TakeAsync(Looker, default)).ToList();
        var (_, bens) = await PinAsync(pinboard);
        var ben = (await pinboard.PinPictures.FindAsync(bens, default))!.Body;
        await using var host = new FollowerHost(
            pinboard.Store, [pinboard.Follower<PictureFollower>()], new FollowerOptions { CursorTransactionsMax = 20 });
        await host.StartAsync();
        await WaitForAsync(turns, looks.Count - 1 + Many + 1);
        foreach (var look in looks.SkipLast(1))
            (await look).Dispose();
        using var last = await looks[^1];

        // More is finished behind what Amy still waits for than the host's limit.
        var before = turns.Waiting;
        before.ShouldBeGreaterThan(Many / 2);
        var picture = PinPicture.Received(ben.Picture!.Hash!, 64, 48, bytes: 1000);
        await pinboard.Pins.CreateAsync(ben.Owner, new NewPin(ben.Board) { Picture = picture }, default);
        await WaitForAsync(turns, before + 1);
    }

    [Fact]
    public async Task StoppingWaitsForNoPictureWhoseTurnHasNotCome()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var turns = pinboard.Get<FairTurns>();
        using var first = await turns.TakeAsync(Holder, default);
        var (amys, bens) = await PinAsync(pinboard);
        await pinboard.Get<FollowerHost>().StartAsync();
        await WaitForAsync(turns, Many + 1);

        await pinboard.Get<FollowerHost>().StopAsync();

        foreach (var pin in amys.Append(bens))
            (await StateAsync(pinboard, pin)).ShouldBe(PictureState.Waiting);
        (await pinboard.Get<FollowerHost>().Parked.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task UsesAreCountedRightThoughPinsOfOnePictureComeAndGoSideBySide()
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        await using var pinboard = await TestPinboard.StartAsync();
        var (amy, image) = (await pinboard.AddUserAsync("amy"), await ReceiveAsync(pinboard));
        var (board, pins) = (await pinboard.AddBoardAsync(amy, "Photos"), new List<ObjectId<Pin>>());
        await pinboard.Get<FollowerHost>().StartAsync();
        for (var i = 0; i < 60; i++)
        {
            if (pins.Count == 0 || random.Next(5) < 3)
                pins.Add(await CreateAsync(pinboard, amy, board, image));
            else
            {
                var pin = pins[random.Next(pins.Count)];
                pins.Remove(pin);
                await pinboard.Pins.DeleteAsync(amy.Viewer, pin, default);
            }
        }
        await pinboard.Get<FollowerHost>().DrainAsync();

        var picture = Picture.IdOf(image.Hash.ToString(), pinboard.Store.Topology.ShardCount);
        (await pinboard.Store.CountAsync(PictureHasPins, picture)).ShouldBe(pins.Count);
        foreach (var pin in pins)
            (await StateAsync(pinboard, pin)).ShouldBe(PictureState.Ready);
        (await pinboard.Get<FollowerHost>().Parked.ListAsync()).ShouldBeEmpty();
    }

    /// <summary>Many of one person, then one of another on the same shard.</summary>
    static async Task<(IReadOnlyList<ObjectId<Pin>> Amys, ObjectId<Pin> Bens)> PinAsync(TestPinboard pinboard)
    {
        var (amy, image) = (await pinboard.AddUserAsync("amy"), await ReceiveAsync(pinboard));
        var ben = await pinboard.AddUserAsync("ben");
        for (var i = 1; ben.Id.Shard != amy.Id.Shard; i++)
            ben = await pinboard.AddUserAsync($"ben-{i}");
        var (board, pins) = (await pinboard.AddBoardAsync(amy, "Photos"), new List<ObjectId<Pin>>());
        for (var i = 0; i < Many; i++)
            pins.Add(await CreateAsync(pinboard, amy, board, image));
        return (pins, await CreateAsync(pinboard, ben, await pinboard.AddBoardAsync(ben, "Photos"), image));
    }

    static Task<ObjectId<Pin>> CreateAsync(
        TestPinboard pinboard, TestUser owner, ObjectId<Board> board, StoredImage image) =>
        pinboard.Pins.CreateAsync(owner.Id, new NewPin(board) { Picture = image.ToPinPicture() }, default);

    static async Task<StoredImage> ReceiveAsync(TestPinboard pinboard)
    {
        using var grey = Image.Black(64, 48);
        return await pinboard.Get<ImageFiles>().ReceiveAsync(new MemoryStream(grey.PngsaveBuffer()), default);
    }

    static async Task<PictureState> StateAsync(TestPinboard pinboard, ObjectId<Pin> pin) =>
        (await pinboard.PinPictures.FindAsync(pin, default))!.Body.Picture!.State;

    static ObjectId<User> Id(int local) => User.Type.Id(new ObjectId(new ShardId(0), User.Type.Number, local));

    static async Task WaitForAsync(FairTurns turns, int waiting)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (turns.Waiting < waiting)
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
    }
}
