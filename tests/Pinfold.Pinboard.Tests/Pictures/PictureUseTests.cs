using Microsoft.Extensions.Time.Testing;
using NetVips;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Tests.Images;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Pictures;

public sealed class PictureUseTests
{
    [Fact]
    public async Task ASharedPictureStaysUntilItsLastPinGoesAndIsCollectedAfterTheGrace()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var (mira, ida) = (await pinboard.AddUserAsync("mira"), await pinboard.AddUserAsync("ida"));
        var (pin, hash) = await UploadAsync(pinboard, mira);
        var saved = await pinboard.Pins.SaveAsync(ida.Viewer, pin, await pinboard.AddBoardAsync(ida, "Mine"), default);
        await pinboard.FollowAsync();

        await pinboard.Pins.DeleteAsync(mira.Viewer, pin, default);
        await pinboard.FollowAsync();
        (await CollectAsync(pinboard, PictureUses.Grace * 2)).ShouldBe(0, "Ida still uses it");
        IsThere(pinboard, hash).ShouldBeTrue();

        await pinboard.Pins.DeleteAsync(ida.Viewer, saved, default);
        await pinboard.FollowAsync();
        (await CollectAsync(pinboard, PictureUses.Grace / 2)).ShouldBe(0, "the grace is not over");
        IsThere(pinboard, hash).ShouldBeTrue();
        (await CollectAsync(pinboard, PictureUses.Grace * 2)).ShouldBe(1);
        IsThere(pinboard, hash).ShouldBeFalse();
        (await CollectAsync(pinboard, PictureUses.Grace * 3)).ShouldBe(0, "nothing is left to collect");
    }

    [Fact]
    public async Task APictureThatIsUsedAgainIsNotCollected()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var (pin, hash) = await UploadAsync(pinboard, mira);
        await pinboard.FollowAsync();
        await pinboard.Pins.DeleteAsync(mira.Viewer, pin, default);
        await pinboard.FollowAsync();

        await UploadAsync(pinboard, mira);
        await pinboard.FollowAsync();

        (await CollectAsync(pinboard, PictureUses.Grace * 2)).ShouldBe(0);
        IsThere(pinboard, hash).ShouldBeTrue();
    }

    [Fact]
    public async Task APictureIsNotCollectedBeforeEveryPinThatMayUseItIsCounted()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var (mira, ida) = (await pinboard.AddUserAsync("mira"), await pinboard.AddUserAsync("ida"));
        var (pin, hash) = await UploadAsync(pinboard, mira);
        var follower = pinboard.Follower<PictureFollower>();
        await HandleAsync(new JournalEntry(JournalEntryKind.Created, pin));
        await pinboard.Pins.SaveAsync(ida.Viewer, pin, await pinboard.AddBoardAsync(ida, "Mine"), default);
        await pinboard.Pins.DeleteAsync(mira.Viewer, pin, default);
        await HandleAsync(new JournalEntry(
            JournalEntryKind.Event, pin, Name: PinEvents.PictureReleased, Payload: hash));

        // The follower comes to Ida's pin only now, longer after than the grace.
        (await CollectAsync(pinboard, PictureUses.Grace * 2, _ => Task.FromResult(false))).ShouldBe(0);
        IsThere(pinboard, hash).ShouldBeTrue();
        (await CollectAsync(pinboard, PictureUses.Grace * 2, async _ =>
        {
            await pinboard.FollowAsync();
            return true;
        })).ShouldBe(0);
        IsThere(pinboard, hash).ShouldBeTrue();

        ValueTask HandleAsync(JournalEntry entry) =>
            follower.HandleAsync(
                new JournalTransaction(mira.Id.Shard, 1, default, default, [entry]), FollowerPause.None, default);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACollectionThatWasKilledHalfwayIsFinishedByTheNext(bool isOriginalGone)
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var (pin, hash) = await UploadAsync(pinboard, mira);
        await pinboard.FollowAsync();
        await pinboard.Pins.DeleteAsync(mira.Viewer, pin, default);
        await pinboard.FollowAsync();
        var (files, id) = (pinboard.Get<ImageFiles>(), ContentHash.Parse(hash));
        File.Delete((isOriginalGone ? files.FindOriginal(id) : files.FindRendition(id, 236))!.Path);

        (await CollectAsync(pinboard, PictureUses.Grace * 2)).ShouldBe(1);
        files.FindOriginal(id).ShouldBeNull();
        files.FindRendition(id, 1200).ShouldBeNull();
        (await CollectAsync(pinboard, PictureUses.Grace * 2)).ShouldBe(0);
    }

    [Fact]
    public async Task ATransactionThatIsHandledTwiceCountsOnce()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var (pin, hash) = await UploadAsync(pinboard, mira);
        var picture = Picture.IdOf(hash, pinboard.Store.Topology.ShardCount);
        var follower = pinboard.Follower<PictureFollower>();

        await HandleAsync(new JournalEntry(JournalEntryKind.Created, pin));
        var ready = (await pinboard.Store.GetAsync(pin)).Body.Picture;
        await HandleAsync(new JournalEntry(JournalEntryKind.Created, pin));
        await HandleAsync(new JournalEntry(JournalEntryKind.Updated, pin));
        (await pinboard.Store.CountAsync(PictureHasPins, picture)).ShouldBe(1);
        (await pinboard.Store.GetAsync(pin)).Body.Picture.ShouldBe(ready!);
        ready!.State.ShouldBe(PictureState.Ready);

        await pinboard.Pins.DeleteAsync(mira.Viewer, pin, default);
        var released = new JournalEntry(JournalEntryKind.Event, pin, Name: PinEvents.PictureReleased, Payload: hash);
        await HandleAsync(released);
        await HandleAsync(released);
        await HandleAsync(new JournalEntry(JournalEntryKind.Created, pin));
        (await pinboard.Store.CountAsync(PictureHasPins, picture))
            .ShouldBe(0, "a pin that is gone uses nothing, however late its creation is handled");

        ValueTask HandleAsync(JournalEntry entry) =>
            follower.HandleAsync(
                new JournalTransaction(mira.Id.Shard, 1, default, default, [entry]), FollowerPause.None, default);
    }

    [Fact]
    public async Task ASavedPinsPictureBecomesACoverOfItsNewBoardButASecretOnesDoesNot()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var (mira, ida) = (await pinboard.AddUserAsync("mira"), await pinboard.AddUserAsync("ida"));
        var (pin, _) = await UploadAsync(pinboard, mira);
        await pinboard.FollowAsync();
        var board = await pinboard.AddBoardAsync(ida, "Mine");

        var saved = await pinboard.Pins.SaveAsync(ida.Viewer, pin, board, default);
        await pinboard.FollowAsync();
        (await CoversAsync()).ShouldBe([saved]);

        await pinboard.Pins.UpdateAsync(ida.Viewer, saved, "", null, null, isSecret: true, board, default, default);
        await pinboard.FollowAsync();
        (await CoversAsync()).ShouldBeEmpty();

        await pinboard.Pins.UpdateAsync(ida.Viewer, saved, "", null, null, isSecret: false, board, default, default);
        await pinboard.FollowAsync();
        (await CoversAsync()).ShouldBe([saved]);

        await pinboard.Pins.DeleteAsync(ida.Viewer, saved, default);
        await pinboard.FollowAsync();
        (await CoversAsync()).ShouldBeEmpty();

        async Task<IEnumerable<ObjectId<Pin>>> CoversAsync() =>
            ((await pinboard.Profiles.FindAsync(Viewer.Anybody, "ida", default))!.Boards.Single().Board.Covers ?? [])
                .Select(c => c.Pin);
    }

    [Fact]
    public async Task APictureThatCannotBeMadeLeavesItsPinFailedWithTheReason()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var (pin, hash) = await UploadAsync(pinboard, mira);
        pinboard.Get<ImageFiles>().Delete(ContentHash.Parse(hash));

        await pinboard.FollowAsync();

        var picture = (await pinboard.Store.GetAsync(pin)).Body.Picture!;
        picture.State.ShouldBe(PictureState.Failed);
        picture.Problem!.ShouldContain("not there any more");
    }

    static async Task<(ObjectId<Pin> Pin, string Hash)> UploadAsync(TestPinboard pinboard, TestUser owner)
    {
        using var photo = Sample.Photograph();
        var image = await pinboard.Get<ImageFiles>()
            .ReceiveAsync(new MemoryStream(photo.JpegsaveBuffer(q: 60)), default);
        var board = await pinboard.AddBoardAsync(owner, "Photos");
        var pin =
            await pinboard.Pins.CreateAsync(
                owner.Id, new NewPin(board) { Picture = image.ToPinPicture() }, default);
        return (pin, image.Hash.ToString());
    }

    /// <summary>Collects as if so much time had gone by.</summary>
    static Task<int> CollectAsync(
        TestPinboard pinboard, TimeSpan later, Func<CancellationToken, Task<bool>>? areAllCounted = null) =>
        new PictureUses(
            pinboard.Store, pinboard.Get<Installation>(), pinboard.Get<ImageFiles>(),
            new FakeTimeProvider(TimeProvider.System.GetUtcNow() + later))
            .CollectAsync(areAllCounted ?? (_ => Task.FromResult(true)), default);

    static bool IsThere(TestPinboard pinboard, string hash) =>
        pinboard.Get<ImageFiles>() is var files && files.FindOriginal(ContentHash.Parse(hash)) is not null
        && files.FindRendition(ContentHash.Parse(hash), 236) is not null;
}
