using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Likes;
using Pinfold.Pinboard.Notifications;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Notifications;

/// <summary>People are told what others do, in groups, and nothing that is not so any more.</summary>
public sealed class NotificationTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task EachKindIsToldOnceAndInGroups(string engine)
    {
        var pinboard = engines[engine];
        var (ann, ben, cleo) = await PeopleAsync(pinboard, "kinds");
        var board = await pinboard.AddBoardAsync(ann, "Sea");
        var pin = await pinboard.AddPinAsync(ann, board, "Waves");
        foreach (var other in new[] { ben, cleo })
        {
            await pinboard.Get<FollowService>().FollowAsync(other.Viewer, ann.Id, default);
            await pinboard.Get<LikeService>().LikeAsync(other.Viewer, pin, default);
        }
        await pinboard.Get<BoardFollowService>().FollowAsync(ben.Viewer, board, default);
        await pinboard.Get<CommentService>().AddAsync(cleo.Viewer, pin, "How blue", default);
        await pinboard.Get<CommentService>().AddAsync(ann.Viewer, pin, "One's own is not told", default);
        await pinboard.Pins.SaveAsync(ben.Viewer, pin, await pinboard.AddBoardAsync(ben, "Kept"), default);
        await pinboard.SettleAsync();

        var groups = await GroupsAsync(pinboard, ann);
        groups.Select(g => (g.Kind, People(g))).ShouldBe(
            [
                (NotificationKind.Repin, ben.Name), (NotificationKind.Comment, cleo.Name),
                (NotificationKind.BoardFollow, ben.Name), (NotificationKind.Like, $"{cleo.Name} {ben.Name}"),
                (NotificationKind.Follow, $"{cleo.Name} {ben.Name}"),
            ]);
        groups.ShouldAllBe(group => group.IsUnread);
        (await GroupsAsync(pinboard, ann)).ShouldAllBe(group => !group.IsUnread, "they were seen");
        (await pinboard.Store.CountAsync(UserHasUnreadNotifications, ann.Id)).ShouldBe(0);
        (await GroupsAsync(pinboard, ben)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhatIsTakenBackIsNotToldNorCounted(string engine)
    {
        var pinboard = engines[engine];
        var (ann, ben, cleo) = await PeopleAsync(pinboard, "back");
        var board = await pinboard.AddBoardAsync(ann, "Sea");
        var (pin, gone) = (await pinboard.AddPinAsync(ann, board, "A"), await pinboard.AddPinAsync(ann, board, "B"));
        await pinboard.Get<FollowService>().FollowAsync(ben.Viewer, ann.Id, default);
        await pinboard.Get<LikeService>().LikeAsync(ben.Viewer, pin, default);
        await pinboard.Get<LikeService>().LikeAsync(ben.Viewer, gone, default);
        var comment = await pinboard.Get<CommentService>().AddAsync(cleo.Viewer, pin, "Hm", default);
        var repin = await pinboard.Pins.SaveAsync(
            cleo.Viewer, pin, await pinboard.AddBoardAsync(cleo, "Kept"), default);
        await pinboard.SettleAsync();
        (await pinboard.Store.CountAsync(UserHasUnreadNotifications, ann.Id)).ShouldBe(5);

        await pinboard.Get<FollowService>().UnfollowAsync(ben.Viewer, ann.Id, default);
        await pinboard.Get<LikeService>().UnlikeAsync(ben.Viewer, pin, default);
        await pinboard.Pins.DeleteAsync(ann.Viewer, gone, default);
        await pinboard.Get<CommentService>().DeleteAsync(cleo.Viewer, comment, default);
        await pinboard.Pins.UpdateAsync(
            cleo.Viewer, repin, "Mine", null, null, isSecret: true, (await pinboard.Store.GetAsync(repin)).Body.Board,
            default, default);
        var news = await pinboard.Get<NotificationReader>().NewsAsync(ann.Viewer, default);
        news.Newest.ShouldBeNull("not shown at once, though the follower may not have heard of it");
        await pinboard.SettleAsync();
        (await pinboard.Store.CountAsync(UserHasUnreadNotifications, ann.Id)).ShouldBe(0);
        (await pinboard.Store.CountAsync(UserHasNotifications, ann.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task WhoIsBlockedCausesNoneAndWhatTheyCausedGoes()
    {
        var pinboard = engines["SQLite"];
        var (ann, ben, cleo) = await PeopleAsync(pinboard, "block");
        var pin = await pinboard.AddPinAsync(ann, await pinboard.AddBoardAsync(ann, "Sea"), "Waves");
        foreach (var other in new[] { ben, cleo })
            await pinboard.Get<LikeService>().LikeAsync(other.Viewer, pin, default);
        await pinboard.SettleAsync();
        await pinboard.Get<BlockService>().BlockAsync(ann.Viewer, ben.Id, default);
        (await GroupsAsync(pinboard, ann)).ShouldHaveSingleItem().People.Select(p => p.Id).ShouldBe([cleo.Id]);
        await pinboard.Get<BlockService>().BlockAsync(cleo.Viewer, ann.Id, default);
        await pinboard.SettleAsync();
        (await GroupsAsync(pinboard, ann)).ShouldBeEmpty();
        (await pinboard.Store.CountAsync(UserHasNotifications, ann.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task WhatIsSwitchedOffIsNotWrittenFromThenOn()
    {
        var pinboard = engines["SQLite"];
        var (ann, ben, cleo) = await PeopleAsync(pinboard, "off");
        var pin = await pinboard.AddPinAsync(ann, await pinboard.AddBoardAsync(ann, "Sea"), "Waves");
        var settings = pinboard.Get<NotificationSettings>();
        await pinboard.Get<LikeService>().LikeAsync(ben.Viewer, pin, default);
        await Clock.NextMillisecondAsync();
        await settings.SetAsync(ann.Id, Without(NotificationSwitch.Likes), default);
        await pinboard.Get<LikeService>().LikeAsync(cleo.Viewer, pin, default);
        await pinboard.Get<FollowService>().FollowAsync(cleo.Viewer, ann.Id, default);
        await Clock.NextMillisecondAsync();
        await settings.SetAsync(ann.Id, Without(), default);
        await pinboard.SettleAsync();

        (await GroupsAsync(pinboard, ann)).Select(g => (g.Kind, People(g))).ShouldBe(
            [(NotificationKind.Follow, cleo.Name), (NotificationKind.Like, ben.Name)],
            "what happened before is told, what happened meanwhile is not, though it is on again by now");
    }

    [Fact]
    public async Task TheSameListComesOfAReversedAndRepeatedJournal()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var (ann, ben, cleo) = await PeopleAsync(pinboard, "order");
        var pin = await pinboard.AddPinAsync(ann, await pinboard.AddBoardAsync(ann, "Sea"), "Waves");
        var (likes, follows) = (pinboard.Get<LikeService>(), pinboard.Get<FollowService>());
        for (var i = 0; i < 3; i++)
        {
            await likes.LikeAsync(ben.Viewer, pin, default);
            await follows.FollowAsync(cleo.Viewer, ann.Id, default);
            await likes.UnlikeAsync(ben.Viewer, pin, default);
            await follows.UnfollowAsync(cleo.Viewer, ann.Id, default);
        }
        await likes.LikeAsync(ben.Viewer, pin, default);
        await pinboard.SettleAsync();
        await pinboard.StopFollowingAsync();
        var before = await ListAsync();
        before.Count.ShouldBe(1);

        var follower = pinboard.Follower<NotificationFollower>();
        var journal = new List<JournalTransaction>();
        for (var shard = 0; shard < pinboard.Store.Topology.ShardCount; shard++)
            journal.AddRange(await new JournalReader(pinboard.Store).ReadAsync(new ShardId(shard), 0, 10_000));
        journal.Reverse();
        foreach (var transaction in journal)
            await follower.HandleAsync([transaction], default);
        (await ListAsync()).ShouldBe(before);
        await pinboard.Get<NotificationReader>().PageAsync(ann.Viewer, null, default);
        await follower.HandleAsync(journal, default);
        (await ListAsync()).ShouldBe(before);
        (await pinboard.Store.CountAsync(UserHasUnreadNotifications, ann.Id)).ShouldBe(0, "what was seen stays seen");

        async Task<List<(ObjectId<Notification>, long)>> ListAsync() =>
            [.. (await pinboard.Store.PageAsync(UserHasNotifications, ann.Id, new PageRequest(100))).Items
                .Select(entry => (entry.To, entry.Sequence))];
    }

    [Fact]
    public async Task TheNewestFiveHundredAreKept()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var (ann, ben, _) = await PeopleAsync(pinboard, "many");
        var board = await pinboard.AddBoardAsync(ann, "Sea");
        const int Surplus = 60;
        var pins = new List<ObjectId<Pin>>();
        while (pins.Count < Notification.KeptMax + Surplus)
            pins.AddRange(await pinboard.Pins.CreateManyAsync(
                ann.Id, [.. Enumerable.Range(0, 80).Select(_ => new NewPin(board))], default));
        foreach (var pin in pins.Take(Notification.KeptMax + Surplus))
        {
            await Clock.NextMillisecondAsync();
            await pinboard.Get<LikeService>().LikeAsync(ben.Viewer, pin, default);
        }
        await pinboard.SettleAsync();

        (await pinboard.Store.CountAsync(UserHasNotifications, ann.Id)).ShouldBe(Notification.KeptMax);
        (await pinboard.Store.CountAsync(UserHasUnreadNotifications, ann.Id)).ShouldBe(Notification.KeptMax);
        var shown = new List<ObjectId>();
        for (string? cursor = null; ;)
        {
            var page = await pinboard.Get<NotificationReader>().PageAsync(ann.Viewer, cursor, default);
            shown.AddRange(page.Groups.Select(group => group.Newest.Kept.What.To));
            if ((cursor = page.Next) is null)
                break;
        }
        shown.ShouldBe(pins.Skip(Surplus).Take(Notification.KeptMax).Reverse().Select(pin => pin.Untyped));
    }

    [Fact]
    public async Task WhereNothingIsNewItIsAskedOnce()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var (ann, ben, _) = await PeopleAsync(pinboard, "trip");
        await pinboard.Get<FollowService>().FollowAsync(ben.Viewer, ann.Id, default);
        await pinboard.SettleAsync();
        await pinboard.StopFollowingAsync();
        using var trips = new RoundTrips(pinboard);
        var reader = pinboard.Get<NotificationReader>();
        (await reader.NewsAsync(ben.Viewer, default)).Unread.ShouldBe(0);
        trips.Reads.ShouldBe(1);
        (await reader.NewsAsync(ann.Viewer, default)).Newest!.People.ShouldHaveSingleItem().Id.ShouldBe(ben.Id);
    }

    internal static async Task<(TestUser Ann, TestUser Ben, TestUser Cleo)> PeopleAsync(
        TestPinboard pinboard, string of) => (
        await pinboard.AddUserAsync($"ann-{of}"), await pinboard.AddUserAsync($"ben-{of}"),
        await pinboard.AddUserAsync($"cleo-{of}"));

    internal static async Task<IReadOnlyList<NotificationGroup>> GroupsAsync(TestPinboard pinboard, TestUser person) =>
        (await pinboard.Get<NotificationReader>().PageAsync(person.Viewer, null, default)).Groups;

    static string People(NotificationGroup group) =>
        string.Join(' ', group.People.Select(person => person.Body.Username));

    static HashSet<NotificationSwitch> Without(params NotificationSwitch[] off) =>
        [.. Enum.GetValues<NotificationSwitch>().Except(off)];
}
