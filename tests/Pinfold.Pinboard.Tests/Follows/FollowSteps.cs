using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Follows;
using Pinfold.Sharding;
using Shouldly;

namespace Pinfold.Pinboard.Tests.Follows;

/// <summary>
/// What people do to one another, at random, and what should be so afterwards: plain sets, changed as the words of each
/// step say.
/// </summary>
sealed class FollowSteps(TestPinboard pinboard, Random random, Func<Task> settleAsync)
{
    const int Few = 8, BoardsEach = 2;

    public sealed record Owned(ObjectId<Board> Id, TestUser Owner)
    {
        public bool IsSecret { get; set; }
    }

    readonly List<TestUser> _people = [];
    readonly List<Owned> _boards = [];
    readonly Dictionary<ObjectId<Board>, ObjectId<User>> _owners = [];
    readonly Dictionary<ObjectId<User>, TestUser> _byId = [];
    int _made;

    public IReadOnlyList<TestUser> People => _people;

    public IReadOnlyList<Owned> Boards => _boards;

    public HashSet<(ObjectId<User> From, ObjectId<User> To)> Follows { get; } = [];

    public HashSet<(ObjectId<User> From, ObjectId<Board> To)> BoardFollows { get; } = [];

    public HashSet<(ObjectId<User> From, ObjectId<Board> To)> LeftOut { get; } = [];

    public HashSet<(ObjectId<User> From, ObjectId<User> To)> Blocks { get; } = [];

    /// <summary>With a few people who follow nobody.</summary>
    public async Task BeginAsync()
    {
        while (_people.Count < Few)
            await AddPersonAsync();
    }

    /// <summary>With people who are there, follow one another already, and have no boards.</summary>
    /// <param name="people">All of them; the first are given boards.</param>
    /// <param name="owners">How many of them.</param>
    /// <param name="follows">Who follows whom.</param>
    public async Task BeginAsync(
        IReadOnlyList<TestUser> people, int owners,
        IEnumerable<(ObjectId<User> From, ObjectId<User> To)> follows)
    {
        _people.AddRange(people);
        foreach (var person in people)
            _byId.Add(person.Id, person);
        Follows.UnionWith(follows);
        foreach (var owner in people.Take(owners))
            await AddBoardsAsync(owner);
    }

    public async Task<string> StepAsync()
    {
        var (me, other) = (Any(_people), Any(_people));
        var board = Any(_boards);
        var step = random.Next(100);
        if (step is (>= 30 and < 42) or (>= 64 and < 82))
            (me, other, board) = AnyFollow(me, other, board);
        switch (step)
        {
            case < 30:
                await FollowAsync(me, other);
                return $"{me.Name} follows {other.Name}";
            case < 42:
                await pinboard.Get<FollowService>().UnfollowAsync(me.Viewer, other.Id, default);
                EndFollow(me.Id, other.Id);
                return $"{me.Name} unfollows {other.Name}";
            case < 58:
                await FollowBoardAsync(me, board);
                return $"{me.Name} follows {board.Id}";
            case < 64:
                await pinboard.Get<BoardFollowService>().UnfollowAsync(me.Viewer, board.Id, default);
                BoardFollows.Remove((me.Id, board.Id));
                return $"{me.Name} unfollows {board.Id}";
            case < 74:
                await LeaveOutAsync(me, board);
                return $"{me.Name} leaves out {board.Id}";
            case < 78:
                await pinboard.Get<BoardFollowService>().TakeBackInAsync(me.Viewer, board.Id, default);
                LeftOut.Remove((me.Id, board.Id));
                return $"{me.Name} takes back in {board.Id}";
            case < 86:
                await BlockAsync(me, other);
                return $"{me.Name} blocks {other.Name}";
            case < 92:
                await settleAsync(); // else a block and its end may pass unheard, and a follow outlive them
                await pinboard.Get<BlockService>().UnblockAsync(me.Viewer, other.Id, default);
                Blocks.Remove((me.Id, other.Id));
                await settleAsync();
                return $"{me.Name} unblocks {other.Name}";
            case < 96:
                await TurnAsync(board);
                return $"{board.Id} is {(board.IsSecret ? "secret" : "public")}";
            case < 98:
                await pinboard.Boards.DeleteAsync(board.Owner.Viewer, board.Id, default);
                EndBoard(board);
                _boards.Remove(board);
                await AddBoardAsync(board.Owner);
                return $"{board.Id} is deleted";
            default:
                await DeleteAsync(me);
                return $"{me.Name} is deleted";
        }
    }

    async Task FollowAsync(TestUser me, TestUser other)
    {
        var isAllowed = me != other && !IsBlocked(me, other);
        var isDone = await TryAsync(() => pinboard.Get<FollowService>().FollowAsync(me.Viewer, other.Id, default));
        ShouldBe(isDone, isAllowed, me, other);
        if (isAllowed)
            Follows.Add((me.Id, other.Id));
    }

    async Task FollowBoardAsync(TestUser me, Owned board)
    {
        var isAllowed = me != board.Owner && !board.IsSecret && !IsBlocked(me, board.Owner);
        var isDone = await TryAsync(() => pinboard.Get<BoardFollowService>().FollowAsync(me.Viewer, board.Id, default));
        ShouldBe(isDone, isAllowed, me, board.Owner);
        if (!isAllowed)
            return;
        BoardFollows.Add((me.Id, board.Id));
        LeftOut.Remove((me.Id, board.Id));
    }

    async Task LeaveOutAsync(TestUser me, Owned board)
    {
        var isAllowed = me != board.Owner && !board.IsSecret && Follows.Contains((me.Id, board.Owner.Id));
        var isDone = await TryAsync(
            () => pinboard.Get<BoardFollowService>().LeaveOutAsync(me.Viewer, board.Id, default));
        ShouldBe(isDone, isAllowed, me, board.Owner);
        if (!isAllowed)
            return;
        LeftOut.Add((me.Id, board.Id));
        BoardFollows.Remove((me.Id, board.Id));
    }

    async Task BlockAsync(TestUser me, TestUser other)
    {
        var isDone = await TryAsync(() => pinboard.Get<BlockService>().BlockAsync(me.Viewer, other.Id, default));
        isDone.ShouldBe(me != other);
        if (!isDone)
            return;
        Blocks.Add((me.Id, other.Id));
        foreach (var (from, to) in new[] { (me, other), (other, me) })
        {
            EndFollow(from.Id, to.Id);
            foreach (var board in _boards.Where(b => b.Owner == to))
                BoardFollows.Remove((from.Id, board.Id));
        }
    }

    async Task TurnAsync(Owned board)
    {
        if (board.IsSecret)
            await settleAsync(); // else it may pass unheard that it was secret
        board.IsSecret = !board.IsSecret;
        await pinboard.Boards.UpdateAsync(
            board.Owner.Viewer, board.Id, "Board", null, board.IsSecret, default);
        if (board.IsSecret)
            EndBoard(board);
    }

    async Task DeleteAsync(TestUser gone)
    {
        foreach (var board in _boards.Where(b => b.Owner == gone).ToList())
        {
            await pinboard.Boards.DeleteAsync(gone.Viewer, board.Id, default);
            EndBoard(board);
            _boards.Remove(board);
        }
        var transaction = pinboard.Store.Begin(gone.Id.Shard);
        transaction.Delete(gone.Id);
        await transaction.CommitAsync();
        _people.Remove(gone);
        Follows.RemoveWhere(f => f.From == gone.Id || f.To == gone.Id);
        BoardFollows.RemoveWhere(f => f.From == gone.Id);
        LeftOut.RemoveWhere(l => l.From == gone.Id || _owners[l.To] == gone.Id);
        Blocks.RemoveWhere(b => b.From == gone.Id || b.To == gone.Id);
        await AddPersonAsync();
    }

    async Task AddPersonAsync()
    {
        var person = await pinboard.AddUserAsync($"steps-{_made++}");
        _people.Add(person);
        _byId.Add(person.Id, person);
        await AddBoardsAsync(person);
    }

    async Task AddBoardsAsync(TestUser owner)
    {
        for (var i = 0; i < BoardsEach; i++)
            await AddBoardAsync(owner);
    }

    async Task AddBoardAsync(TestUser owner)
    {
        var board = new Owned(await pinboard.AddBoardAsync(owner, "Board"), owner);
        _boards.Add(board);
        _owners.Add(board.Id, owner.Id);
    }

    /// <summary>Every second time of a follow that is there: of many people two seldom have one.</summary>
    (TestUser Me, TestUser Other, Owned Board) AnyFollow(TestUser me, TestUser other, Owned board)
    {
        if (Follows.Count == 0 || random.Next(2) == 0)
            return (me, other, board);
        if (random.Next(2) == 0)
        {
            // Of somebody who has boards.
            var followers = Follows.Where(f => f.To == board.Owner.Id).ToList();
            return followers.Count == 0 ? (me, other, board) : (_byId[Any(followers).From], board.Owner, board);
        }
        var (from, to) = Follows.ElementAt(random.Next(Follows.Count));
        return (_byId[from], _byId[to], board);
    }

    void EndFollow(ObjectId<User> from, ObjectId<User> to)
    {
        Follows.Remove((from, to));
        LeftOut.RemoveWhere(l => l.From == from && _owners[l.To] == to);
    }

    void EndBoard(Owned board) => BoardFollows.RemoveWhere(f => f.To == board.Id);

    bool IsBlocked(TestUser one, TestUser other) =>
        Blocks.Contains((one.Id, other.Id)) || Blocks.Contains((other.Id, one.Id));

    /// <summary>Where the other's block may not have been heard of yet, either will do: it ends as it should.</summary>
    void ShouldBe(bool isDone, bool isAllowed, TestUser me, TestUser other)
    {
        if (!Blocks.Contains((other.Id, me.Id)))
            isDone.ShouldBe(isAllowed);
    }

    static async Task<bool> TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.Invalid or ErrorKind.Forbidden or ErrorKind.NotFound)
        {
            return false;
        }
    }

    T Any<T>(List<T> of) => of[random.Next(of.Count)];
}
