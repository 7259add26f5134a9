using System.Collections.Concurrent;
using NetVips;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Tests.Images;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Pictures;

/// <summary>Turns are given out one at a time here, so that their order is what is counted.</summary>
public sealed class FairTurnTests
{
    static readonly ObjectId<User> Amy = Id(1), Ben = Id(2), Cid = Id(3);

    readonly TaskCompletionSource _begin = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ConcurrentQueue<ObjectId<User>> _started = [];
    readonly List<Task> _asked = [];

    [Fact]
    public async Task PeopleTakeTurnsHoweverManyOfOneWait()
    {
        var turns = new FairTurns(atOnceMax: 1, waitingMax: 100);
        foreach (var person in (ObjectId<User>[])[Amy, Amy, Amy, Amy, Ben, Ben, Cid])
            Ask(turns, person);

        (await StartedAsync()).ShouldBe([Amy, Ben, Cid, Amy, Ben, Amy, Amy]);
    }

    [Fact]
    public async Task SoManyRunAtOnceAndNotOneMore()
    {
        var turns = new FairTurns(atOnceMax: 3, waitingMax: 100);
        for (var i = 0; i < 20; i++)
            Ask(turns, Id(1 + i % 5));

        _started.Count.ShouldBe(3);
        (await StartedAsync()).Count.ShouldBe(20);
    }

    [Fact]
    public async Task OneThatWasCancelledWhileItWaitedLeavesItsTurnToTheNext()
    {
        var turns = new FairTurns(atOnceMax: 1, waitingMax: 100);
        using var cancellation = new CancellationTokenSource();
        Ask(turns, Amy);
        var ben = turns.TakeAsync(Ben, cancellation.Token);
        Ask(turns, Cid);
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(ben);
        (await StartedAsync()).ShouldBe([Amy, Cid]);
    }

    [Fact]
    public async Task WorkThatFailsGivesItsTurnBack()
    {
        var turns = new FairTurns(atOnceMax: 1, waitingMax: 100);

        await Should.ThrowAsync<InvalidOperationException>(() =>
            TakeAsync(turns, Amy, () => throw new InvalidOperationException("torn")));
        await TakeAsync(turns, Ben, () => Task.CompletedTask);
    }

    [Fact]
    public async Task OneMoreThanMayWaitIsRefused()
    {
        var turns = new FairTurns(atOnceMax: 1, waitingMax: 2);
        foreach (var person in (ObjectId<User>[])[Amy, Amy, Ben])
            Ask(turns, person);

        (await Should.ThrowAsync<PinfoldException>(turns.TakeAsync(Cid, default)))
            .Kind.ShouldBe(ErrorKind.Unavailable);
        (await StartedAsync()).ShouldBe([Amy, Ben, Amy]);
    }

    [Fact]
    public async Task APersonsPictureIsRenderedBeforeAnothersSecond()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var (amy, ben) = (await pinboard.AddUserAsync("amy"), await pinboard.AddUserAsync("ben"));
        var turns = pinboard.Get<FairTurns>();
        Ask(turns, Cid); // holds the only turn until the others wait

        var first = await RenderAsync(amy, waiting: 1);
        var second = await RenderAsync(amy, waiting: 2);
        var other = await RenderAsync(ben, waiting: 3);
        var waitingWhenOtherIsReady = 0;
        var looking = TakeAsync(turns, Id(4), async () =>
        {
            await Task.WhenAll(first, other);
            waitingWhenOtherIsReady = turns.Waiting;
        });
        await StartedAsync();
        await looking;

        waitingWhenOtherIsReady.ShouldBe(1, "the second is not begun");
        await second;

        async Task<Task> RenderAsync(TestUser owner, int waiting)
        {
            var pin = await UploadAsync(pinboard, owner);
            var written = new JournalEntry(JournalEntryKind.Created, pin);
            var handled = pinboard.Follower<PictureFollower>().HandleAsync(
                new JournalTransaction(owner.Id.Shard, 1, default, default, [written]), FollowerPause.None, default)
                .AsTask();
            while (turns.Waiting < waiting)
                await Task.Delay(TimeSpan.FromMilliseconds(2));
            return handled;
        }
    }

    /// <summary>What has a turn at once begins before this returns, and waits for the end of the asking.</summary>
    void Ask(FairTurns turns, ObjectId<User> person) => _asked.Add(TakeAsync(turns, person, async () =>
    {
        _started.Enqueue(person);
        await _begin.Task;
    }));

    static async Task TakeAsync(FairTurns turns, ObjectId<User> person, Func<Task> work)
    {
        using (await turns.TakeAsync(person, default))
            await work();
    }

    async Task<IReadOnlyList<ObjectId<User>>> StartedAsync()
    {
        _begin.SetResult();
        await Task.WhenAll(_asked);
        return [.. _started];
    }

    static async Task<ObjectId<Pin>> UploadAsync(TestPinboard pinboard, TestUser owner)
    {
        using var photo = Sample.Photograph();
        var image = await pinboard.Get<ImageFiles>()
            .ReceiveAsync(new MemoryStream(photo.JpegsaveBuffer(q: 60)), default);
        var board = await pinboard.AddBoardAsync(owner, "Photos");
        return await pinboard.Pins.CreateAsync(
            owner.Id, new NewPin(board) { Picture = image.ToPinPicture() }, default);
    }

    static ObjectId<User> Id(int local) => User.Type.Id(new ObjectId(new ShardId(0), User.Type.Number, local));
}
