using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Comments;

/// <summary>People comment on pins.</summary>
public sealed class CommentTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ACommentIsOneRoundTripAndItsAuthorSeesItAtOnce(string engine)
    {
        await using var pinboard = await engines.StartQuietAsync(engine);
        var (robin, mira) = (await pinboard.AddUserAsync("robin-says"), await pinboard.AddUserAsync("mira-says"));
        var pin = await AddPinAsync(pinboard, mira);
        await pinboard.Pins.GetAsync(robin.Viewer, pin, default);
        ObjectId<Comment> comment;
        using (var trips = new RoundTrips(pinboard))
        {
            comment = await pinboard.Get<CommentService>().AddAsync(robin.Viewer, pin, "Hello", default);
            (trips.Commits, trips.Reads).ShouldBe((1, 0));
        }

        (await PageAsync(pinboard, robin.Viewer, pin)).ShouldBe([comment]);
        (await PageAsync(pinboard, mira.Viewer, pin)).ShouldBeEmpty("its list follows");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task CommentsAreWrittenEditedAndDeletedByTheirAuthors(string engine)
    {
        var pinboard = engines[engine];
        var comments = pinboard.Get<CommentService>();
        var (robin, mira) = (await pinboard.AddUserAsync("robin-edit"), await pinboard.AddUserAsync("mira-edit"));
        var pin = await AddPinAsync(pinboard, mira);
        var comment = await comments.AddAsync(robin.Viewer, pin, "One", default);
        await pinboard.FollowAsync();
        await comments.EditAsync(robin.Viewer, comment, "Two", default);

        var shown = (await pinboard.Get<CommentReader>().PageAsync(Viewer.Anybody, pin, null, default))
            .Comments.ShouldHaveSingleItem();
        (shown.Author.Username, shown.Comment.Body.Text).ShouldBe(("robin-edit", "Two"));
        shown.Comment.Body.EditedAt.ShouldNotBeNull();
        (await Should.ThrowAsync<PinfoldException>(() => comments.EditAsync(mira.Viewer, comment, "Three", default)))
            .Message.ShouldBe("Only who wrote a comment can change it.");
        var tove = await pinboard.AddUserAsync("tove-edit");
        (await Should.ThrowAsync<PinfoldException>(() => comments.DeleteAsync(tove.Viewer, comment, default)))
            .Kind.ShouldBe(ErrorKind.Forbidden);

        await comments.DeleteAsync(robin.Viewer, comment, default);
        (await Should.ThrowAsync<PinfoldException>(() => comments.DeleteAsync(robin.Viewer, comment, default)))
            .Kind.ShouldBe(ErrorKind.NotFound);
        await pinboard.FollowAsync();
        (await CountAsync(pinboard, pin)).ShouldBe(0);
        (await PageAsync(pinboard, robin.Viewer, pin)).ShouldBeEmpty();
        (await pinboard.Store.CountAsync(UserHasComments, robin.Id)).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhatThePinsOwnerDeletesComesBackByNothing(string engine)
    {
        var pinboard = engines[engine];
        var comments = pinboard.Get<CommentService>();
        var (robin, mira) = (await pinboard.AddUserAsync("robin-final"), await pinboard.AddUserAsync("mira-final"));
        var pin = await AddPinAsync(pinboard, mira);
        for (var i = 0; i < 10; i++)
        {
            var comment = await comments.AddAsync(robin.Viewer, pin, $"Words {i}", default);
            var edits = Enumerable.Range(0, 3).Select(async n =>
            {
                try
                {
                    await comments.EditAsync(robin.Viewer, comment, $"Others {n}", default);
                }
                catch (PinfoldException e) when (e.Kind == ErrorKind.NotFound)
                {
                    // It came too late.
                }
            }).ToList();
            await comments.DeleteAsync(mira.Viewer, comment, default);
            await Task.WhenAll(edits);

            (await pinboard.Store.FindUncachedAsync(comment, default)).ShouldBeNull();
            (await Should.ThrowAsync<PinfoldException>(() => comments.EditAsync(robin.Viewer, comment, "x", default)))
                .Message.ShouldBe("There is no such comment any more.");
            // Not even by who read it before, and asks no more.
            var late = pinboard.Store.Begin(comment.Shard);
            late.Update(comment, new Comment(robin.Id, pin, "Late", DateTimeOffset.UnixEpoch));
            (await Should.ThrowAsync<PinfoldException>(() => late.CommitAsync())).Kind.ShouldBe(ErrorKind.NotFound);
        }
        await pinboard.SettleAsync();
        (await CountAsync(pinboard, pin)).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ABlockKeepsCommentsAwayAndHidesThem(string engine)
    {
        var pinboard = engines[engine];
        var (comments, blocks) = (pinboard.Get<CommentService>(), pinboard.Get<BlockService>());
        var (robin, mira) = (await pinboard.AddUserAsync("robin-hush"), await pinboard.AddUserAsync("mira-hush"));
        var tove = await pinboard.AddUserAsync("tove-hush");
        var pin = await AddPinAsync(pinboard, tove);
        var (ofRobin, ofMira) = (await comments.AddAsync(robin.Viewer, pin, "r", default),
            await comments.AddAsync(mira.Viewer, pin, "m", default));
        await blocks.BlockAsync(mira.Viewer, robin.Id, default);
        await pinboard.FollowAsync();

        (await PageAsync(pinboard, mira.Viewer, pin)).ShouldBe([ofMira]);
        (await PageAsync(pinboard, robin.Viewer, pin)).ShouldBe([ofRobin]);
        (await PageAsync(pinboard, tove.Viewer, pin)).ShouldBe([ofMira, ofRobin], ignoreOrder: true);
        (await PageAsync(pinboard, Viewer.Anybody, pin)).Count.ShouldBe(2);
        (await CountAsync(pinboard, pin)).ShouldBe(2, "a count is of all");

        await blocks.BlockAsync(tove.Viewer, robin.Id, default);
        await pinboard.FollowAsync();
        foreach (var act in (Func<Task>[])
            [
                () => comments.AddAsync(robin.Viewer, pin, "again", default),
                () => comments.EditAsync(robin.Viewer, ofRobin, "again", default),
            ])
            (await Should.ThrowAsync<PinfoldException>(act)).ShouldSatisfyAllConditions(
                e => e.Kind.ShouldBe(ErrorKind.Forbidden),
                e => e.Message.ShouldBe("This pin cannot be commented on."));
        await comments.DeleteAsync(robin.Viewer, ofRobin, default);
    }

    [Fact]
    public async Task OfASecretPinOnlyWhoSeesItFindsComments()
    {
        var pinboard = engines["SQLite"];
        var comments = pinboard.Get<CommentService>();
        var (robin, mira) = (await pinboard.AddUserAsync("robin-turn"), await pinboard.AddUserAsync("mira-turn"));
        var board = await pinboard.AddBoardAsync(mira, "Open");
        var pin = await pinboard.AddPinAsync(mira, board);
        var comment = await comments.AddAsync(robin.Viewer, pin, "Hello", default);
        await pinboard.FollowAsync();
        await pinboard.Pins.UpdateAsync(mira.Viewer, pin, "", null, null, isSecret: true, board, default, default);

        var never = Comment.Type.Id(new ObjectId(comment.Shard, Comment.Type.Number, ObjectId.LocalMax));
        foreach (var id in new[] { comment, never })
            foreach (var act in (Func<Task>[])
                [
                    () => comments.GetAsync(robin.Viewer, id, default),
                    () => comments.EditAsync(robin.Viewer, id, "x", default),
                    () => comments.DeleteAsync(robin.Viewer, id, default),
                ])
                (await Should.ThrowAsync<PinfoldException>(act)).Message.ShouldBe("There is no such comment any more.");
        (await PageAsync(pinboard, mira.Viewer, pin)).ShouldBe([comment]);
        await comments.DeleteAsync(mira.Viewer, comment, default);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WithThePinItsCommentsAreErasedWheneverTheyCame(string engine)
    {
        var pinboard = engines[engine];
        var (robin, mira) = (await pinboard.AddUserAsync("robin-gone"), await pinboard.AddUserAsync("mira-gone"));
        var pin = await AddPinAsync(pinboard, mira);
        var early = await pinboard.Get<CommentService>().AddAsync(robin.Viewer, pin, "Early", default);
        await pinboard.SettleAsync();
        await pinboard.Pins.DeleteAsync(mira.Viewer, pin, default);
        await pinboard.SettleAsync();

        // As by somebody who has found the pin in a cache.
        var transaction = pinboard.Store.Begin(robin.Id.Shard);
        var late = transaction.Create(new Comment(robin.Id, pin, "Late", DateTimeOffset.UnixEpoch));
        transaction.Put(UserHasComments, robin.Id, late, 1, CommentPin.ToBytes(pin));
        transaction.Put(CommentIsOnPin, late, pin, 1);
        await transaction.CommitAsync();
        await pinboard.SettleAsync();

        (await pinboard.Store.FindManyUncachedAsync([early, late.Id], default)).ShouldAllBe(c => c == null);
        (await pinboard.Store.CountAsync(UserHasComments, robin.Id)).ShouldBe(0);
        (await CountAsync(pinboard, pin)).ShouldBe(0);
    }

    [Fact]
    public async Task ManyCommentsComeInPagesNewestFirst()
    {
        var pinboard = engines["SQLite"];
        var mira = await pinboard.AddUserAsync("mira-many");
        var pin = await AddPinAsync(pinboard, mira);
        var made = new List<ObjectId<Comment>>();
        for (var i = 0; i < 70; i++)
        {
            var transaction = pinboard.Store.Begin(mira.Id.Shard);
            var comment = transaction.Create(new Comment(mira.Id, pin, $"{i}", DateTimeOffset.UnixEpoch));
            transaction.Put(UserHasComments, mira.Id, comment, i, CommentPin.ToBytes(pin));
            transaction.Put(CommentIsOnPin, comment, pin, i);
            await transaction.CommitAsync();
            made.Add(comment.Id);
        }
        await pinboard.FollowAsync();
        made.Reverse();
        var reader = pinboard.Get<CommentReader>();

        var first = await reader.PageAsync(mira.Viewer, pin, null, default);
        first.Comments.Select(c => c.Comment.Id).ShouldBe(made.Take(50));
        var second = await reader.PageAsync(mira.Viewer, pin, first.Next, default);
        second.Comments.Select(c => c.Comment.Id).ShouldBe(made.Skip(50));
        second.Next.ShouldBeNull();
    }

    static async Task<ObjectId<Pin>> AddPinAsync(TestPinboard pinboard, TestUser owner) =>
        await pinboard.AddPinAsync(owner, await pinboard.AddBoardAsync(owner, "Open"));

    static async Task<List<ObjectId<Comment>>> PageAsync(TestPinboard pinboard, Viewer viewer, ObjectId<Pin> pin) =>
        [.. (await pinboard.Get<CommentReader>().PageAsync(viewer, pin, null, default)).Comments
            .Select(c => c.Comment.Id)];

    static async Task<long> CountAsync(TestPinboard pinboard, ObjectId<Pin> pin) =>
        (await pinboard.Get<PinCounts>().OfAsync([pin], default))[pin].Comments;
}
