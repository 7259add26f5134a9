using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Likes;
using Pinfold.Pinboard.Notifications;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Tests.Notifications;

/// <summary>What a few people do to one another, at random; and what nobody can tell from the shards afterwards.
/// </summary>
sealed class NotificationSteps(TestPinboard pinboard, Random random, Func<Task> settleAsync)
{
    const int People = 8, PinsEach = 2;

    readonly List<TestUser> _people = [];
    readonly List<(ObjectId<Board> Id, TestUser Owner)> _boards = [];
    readonly List<(ObjectId<Pin> Id, TestUser Owner)> _pins = [];
    readonly List<(ObjectId<Comment> Id, TestUser Author)> _comments = [];

    /// <summary>Whose each pin, board and comment is or was, as a number.</summary>
    public Dictionary<long, long> Owners { get; } = [];

    /// <summary>Pins that were deleted: nobody is told of them.</summary>
    public HashSet<long> Gone { get; } = [];

    /// <summary>When there was last a block between two, made or ended.</summary>
    public Dictionary<(long, long), long> BlockedUntil { get; } = [];

    /// <summary>When somebody switched a kind off, and on again.</summary>
    public Dictionary<(long Person, NotificationSwitch Of), List<long>> Turns { get; } = [];

    public IReadOnlyList<TestUser> Everybody => _people;

    public async Task BeginAsync()
    {
        for (var i = 0; i < People; i++)
        {
            var person = await pinboard.AddUserAsync($"told-{i}");
            _people.Add(person);
            var board = await pinboard.AddBoardAsync(person, "Board");
            _boards.Add((board, person));
            Owners[board.Value] = person.Id.Value;
            for (var j = 0; j < PinsEach; j++)
                Keep(await pinboard.AddPinAsync(person, board, $"Pin {j}"), person);
        }
    }

    public async Task<string> StepAsync()
    {
        var (me, other) = (Any(_people), Any(_people));
        var (pin, board) = (Any(_pins), Any(_boards));
        try
        {
            return await StepAsync(me, other, pin, board, random.Next(100));
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.Invalid or ErrorKind.Forbidden or ErrorKind.NotFound)
        {
            return $"{me.Name} is refused: {e.Message}";
        }
    }

    async Task<string> StepAsync(
        TestUser me, TestUser other, (ObjectId<Pin> Id, TestUser Owner) pin,
        (ObjectId<Board> Id, TestUser Owner) board, int dice)
    {
        switch (dice)
        {
            case < 16:
                await pinboard.Get<FollowService>().FollowAsync(me.Viewer, other.Id, default);
                return $"{me.Name} follows {other.Name}";
            case < 22:
                await pinboard.Get<FollowService>().UnfollowAsync(me.Viewer, other.Id, default);
                return $"{me.Name} unfollows {other.Name}";
            case < 30:
                await pinboard.Get<BoardFollowService>().FollowAsync(me.Viewer, board.Id, default);
                return $"{me.Name} follows {board.Id}";
            case < 48:
                await pinboard.Get<LikeService>().LikeAsync(me.Viewer, pin.Id, default);
                return $"{me.Name} likes {pin.Id}";
            case < 56:
                await pinboard.Get<LikeService>().UnlikeAsync(me.Viewer, pin.Id, default);
                return $"{me.Name} unlikes {pin.Id}";
            case < 68:
                var comment = await pinboard.Get<CommentService>().AddAsync(me.Viewer, pin.Id, "So it is", default);
                _comments.Add((comment, me));
                Owners[comment.Value] = me.Id.Value;
                return $"{me.Name} comments {comment} on {pin.Id}";
            case < 74 when _comments.Count > 0:
                var (said, author) = Any(_comments);
                _comments.Remove((said, author));
                await pinboard.Get<CommentService>().DeleteAsync(author.Viewer, said, default);
                return $"{author.Name} deletes {said}";
            case < 82:
                var own = _boards.First(b => b.Owner == me).Id;
                var saved = await pinboard.Pins.SaveAsync(me.Viewer, pin.Id, own, default);
                Keep(saved, me);
                return $"{me.Name} saves {pin.Id} as {saved}";
            case < 87:
                var isSecret = random.Next(2) == 0;
                var there = await pinboard.Store.GetAsync(pin.Id);
                await pinboard.Pins.UpdateAsync(
                    pin.Owner.Viewer, pin.Id, "Pin", null, null, isSecret, there.Body.Board, default, default);
                return $"{pin.Id} is {(isSecret ? "secret" : "public")}";
            case < 90 when _pins.Count > People:
                _pins.Remove(pin);
                Gone.Add(pin.Id.Value);
                await pinboard.Pins.DeleteAsync(pin.Owner.Viewer, pin.Id, default);
                return $"{pin.Id} is deleted";
            case < 93:
                return await BlockAsync(me, other);
            case < 96:
                return await UnblockAsync(me, other);
            default:
                return await SwitchAsync(me);
        }
    }

    async Task<string> BlockAsync(TestUser me, TestUser other)
    {
        await pinboard.Get<BlockService>().BlockAsync(me.Viewer, other.Id, default);
        await settleAsync(); // else a block and its end may pass unheard
        Note(me, other);
        return $"{me.Name} blocks {other.Name}";
    }

    async Task<string> UnblockAsync(TestUser me, TestUser other)
    {
        await pinboard.Get<BlockService>().UnblockAsync(me.Viewer, other.Id, default);
        await settleAsync();
        Note(me, other);
        return $"{me.Name} unblocks {other.Name}";
    }

    async Task<string> SwitchAsync(TestUser me)
    {
        var of = (NotificationSwitch)random.Next(4);
        var settings = pinboard.Get<NotificationSettings>();
        var on = Enum.GetValues<NotificationSwitch>().ToHashSet();
        var now = await settings.ReadAsync(me.Id, default);
        on.RemoveWhere(other => other == of ? now.IsOn(other) : !now.IsOn(other));
        await Clock.NextMillisecondAsync();
        await settings.SetAsync(me.Id, on, default);
        if (!Turns.TryGetValue((me.Id.Value, of), out var turns))
            Turns.Add((me.Id.Value, of), turns = []);
        turns.Add(Clock.NowMs);
        await Clock.NextMillisecondAsync();
        return $"{me.Name} switches {of} {(on.Contains(of) ? "on" : "off")}";
    }

    void Note(TestUser one, TestUser other) =>
        BlockedUntil[(one.Id.Value, other.Id.Value)] = BlockedUntil[(other.Id.Value, one.Id.Value)] = Clock.NowMs;

    void Keep(ObjectId<Pin> pin, TestUser owner)
    {
        _pins.Add((pin, owner));
        Owners[pin.Value] = owner.Id.Value;
    }

    T Any<T>(List<T> of) => of[random.Next(of.Count)];
}
