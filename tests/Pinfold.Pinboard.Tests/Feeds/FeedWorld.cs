using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Feeds.InMemory;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;

namespace Pinfold.Pinboard.Tests.Feeds;

/// <summary>
/// A pinboard of a few people who do what people do, beside what they did kept in plain lists: what their homes should
/// show follows from those alone.
/// </summary>
sealed class FeedWorld(TestPinboard pinboard, IReadOnlyList<TestUser> people) : IAsyncDisposable
{
    readonly Dictionary<ObjectId<Board>, (TestUser Owner, bool IsSecret)> _boards = [];
    readonly Dictionary<ObjectId<Pin>, PinnedByModel> _pins = [];
    readonly HashSet<(TestUser By, TestUser Whom)> _follows = [];
    readonly HashSet<(TestUser By, ObjectId<Board> Board)> _boardFollows = [];
    readonly HashSet<(TestUser By, ObjectId<Board> Board)> _leftOut = [];
    readonly HashSet<(TestUser By, TestUser Whom)> _blocks = [];

    readonly record struct PinnedByModel(
        TestUser Owner, ObjectId<Board> Board, bool IsSecret, DateTimeOffset At);

    DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(50);

    public TestPinboard Pinboard => pinboard;

    public IReadOnlyList<TestUser> People => people;

    /// <summary>With feeds in the process's memory, which a follower fills that can be waited for.</summary>
    public static Task<FeedWorld> StartInMemoryAsync(int peopleCount, FeedLimits limits) =>
        StartAsync(peopleCount, limits, topology: null, services =>
        {
            services.RemoveAll<IFeedStore>();
            services.AddSingleton<IFeedStore>(provider => provider.GetRequiredService<MemoryFeedStore>());
            services.Remove(services.Single(s => s.ImplementationType == typeof(LocalFeedFollower)));
            services.AddSingleton<IFollower, FeedFollower>();
        });

    public static async Task<FeedWorld> StartAsync(
        int peopleCount, FeedLimits limits, string? topology, Action<IServiceCollection>? replace = null)
    {
        var pinboard = await TestPinboard.StartAsync(topology, replace: services =>
        {
            services.Replace(ServiceDescriptor.Singleton(limits));
            replace?.Invoke(services);
        });
        var people = new List<TestUser>();
        for (var i = 0; i < peopleCount; i++)
            people.Add(await pinboard.AddUserAsync($"person{i}"));
        var world = new FeedWorld(pinboard, people);
        foreach (var person in people)
            await world.AddBoardAsync(person, isSecret: false);
        return world;
    }

    public async Task StepAsync(Random random)
    {
        var person = people[random.Next(people.Count)];
        var other = people[random.Next(people.Count)];
        try
        {
            await (random.Next(20) switch
            {
                < 6 => PinAsync(random, person),
                < 9 => FollowAsync(person, other),
                9 => UnfollowAsync(person, other),
                10 => ChangePinAsync(random, person),
                11 => DeletePinAsync(random, person),
                12 => TurnBoardAsync(random, person),
                13 => AddBoardAsync(person, random.Next(4) == 0),
                14 => DeleteBoardAsync(random, person),
                15 => FollowBoardAsync(random, person, other),
                16 => LeaveOutAsync(random, person, other),
                17 => TakeBackAsync(random, person),
                18 => random.Next(4) == 0 ? BlockAsync(person, other) : UnblockAsync(random, person),
                _ => LookAsync(person),
            });
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.Invalid or ErrorKind.Forbidden or ErrorKind.NotFound)
        {
            // What nobody may do was not done.
        }
    }

    /// <summary>The pins that a person's home should show, newest first; pictures are not looked at.</summary>
    public IReadOnlyList<ObjectId<Pin>> Expected(TestUser person) =>
    [
        .. _pins.Where(pin => !pin.Value.IsSecret && !_boards[pin.Value.Board].IsSecret
                && (_boardFollows.Contains((person, pin.Value.Board))
                    || (_follows.Contains((person, pin.Value.Owner)) && !_leftOut.Contains((person, pin.Value.Board)))))
            .OrderByDescending(pin => pin.Value.At).ThenByDescending(pin => pin.Key.Value).Select(pin => pin.Key),
    ];

    /// <summary>What a person's home does show, page after page.</summary>
    public async Task<IReadOnlyList<ObjectId<Pin>>> ShownAsync(TestUser person)
    {
        var (shown, cursor) = (new List<ObjectId<Pin>>(), default(string));
        do
        {
            var page = await pinboard.Get<HomeReader>().ReadAsync(person.Viewer, cursor, default);
            shown.AddRange(page.Pins.Select(pin => pin.Pin.Id));
            cursor = page.Next;
        }
        while (cursor is not null);
        return shown;
    }

    public Task LookAsync(TestUser person) => pinboard.Get<HomeReader>().ReadAsync(person.Viewer, null, default);

    public async Task PinAsync(Random random, TestUser person)
    {
        var (board, (owner, _)) = Any(random, _boards.Where(board => board.Value.Owner == person));
        if (owner is null)
            return;
        // Some are pinned with an old date, as imports are.
        var at = random.Next(5) == 0 ? _now.AddHours(-random.Next(1000)) : _now = _now.AddMinutes(1);
        var isSecret = random.Next(6) == 0;
        var pin = await pinboard.Pins.CreateAsync(
            person.Id, new NewPin(board) { Title = "t", IsSecret = isSecret, CreatedAt = at }, default);
        _pins[pin] = new PinnedByModel(person, board, isSecret, at);
    }

    public async Task FollowAsync(TestUser person, TestUser other)
    {
        await pinboard.Get<FollowService>().FollowAsync(person.Viewer, other.Id, default);
        _follows.Add((person, other));
    }

    public async Task UnfollowAsync(TestUser person, TestUser other)
    {
        await pinboard.Get<FollowService>().UnfollowAsync(person.Viewer, other.Id, default);
        EndFollow(person, other);
    }

    public async Task<ObjectId<Board>> AddBoardAsync(TestUser person, bool isSecret)
    {
        var board = await pinboard.AddBoardAsync(person, $"board {_boards.Count}", isSecret);
        _boards[board] = (person, isSecret);
        return board;
    }

    void EndFollow(TestUser person, TestUser other)
    {
        if (_follows.Remove((person, other)))
            _leftOut.RemoveWhere(left => left.By == person && _boards[left.Board].Owner == other);
    }

    async Task ChangePinAsync(Random random, TestUser person)
    {
        var pin = Any(random, _pins.Where(pin => pin.Value.Owner == person));
        var board = Any(random, _boards.Where(board => board.Value.Owner == person));
        if (pin.Value.Owner is null || board.Value.Owner is null)
            return;
        var isSecret = random.Next(3) == 0;
        await pinboard.Pins.UpdateAsync(
            person.Viewer, pin.Key, "changed", null, null, isSecret, board.Key, default, default);
        _pins[pin.Key] = pin.Value with { Board = board.Key, IsSecret = isSecret };
    }

    async Task DeletePinAsync(Random random, TestUser person)
    {
        if (Any(random, _pins.Where(pin => pin.Value.Owner == person)) is not { Value.Owner: not null } pin)
            return;
        await pinboard.Pins.DeleteAsync(person.Viewer, pin.Key, default);
        _pins.Remove(pin.Key);
    }

    async Task TurnBoardAsync(Random random, TestUser person)
    {
        if (Any(random, _boards.Where(board => board.Value.Owner == person)) is not { Value.Owner: not null } board)
            return;
        await pinboard.Boards.UpdateAsync(person.Viewer, board.Key, "turned", null, !board.Value.IsSecret, default);
        _boards[board.Key] = board.Value with { IsSecret = !board.Value.IsSecret };
        if (!board.Value.IsSecret)
            _boardFollows.RemoveWhere(follow => follow.Board == board.Key);
        // Follows end when the follower has seen that it turned, which a second turn must not overtake here.
        await EndsAsync();
    }

    async Task DeleteBoardAsync(Random random, TestUser person)
    {
        var own = _boards.Where(board => board.Value.Owner == person).ToList();
        if (own.Count < 2)
            return;
        var board = own[random.Next(own.Count)].Key;
        await pinboard.Boards.DeleteAsync(person.Viewer, board, default);
        foreach (var pin in _pins.Where(pin => pin.Value.Board == board).ToList())
            _pins.Remove(pin.Key);
        _boardFollows.RemoveWhere(follow => follow.Board == board);
        _leftOut.RemoveWhere(left => left.Board == board);
        _boards.Remove(board);
    }

    async Task FollowBoardAsync(Random random, TestUser person, TestUser other)
    {
        if (Any(random, _boards.Where(board => board.Value.Owner == other)) is not { Value.Owner: not null } board)
            return;
        if (_boardFollows.Contains((person, board.Key)))
        {
            await pinboard.Get<BoardFollowService>().UnfollowAsync(person.Viewer, board.Key, default);
            _boardFollows.Remove((person, board.Key));
            return;
        }
        await pinboard.Get<BoardFollowService>().FollowAsync(person.Viewer, board.Key, default);
        _boardFollows.Add((person, board.Key));
        _leftOut.Remove((person, board.Key));
    }

    async Task LeaveOutAsync(Random random, TestUser person, TestUser other)
    {
        if (Any(random, _boards.Where(board => board.Value.Owner == other)) is not { Value.Owner: not null } board)
            return;
        await pinboard.Get<BoardFollowService>().LeaveOutAsync(person.Viewer, board.Key, default);
        _leftOut.Add((person, board.Key));
        _boardFollows.Remove((person, board.Key));
    }

    async Task TakeBackAsync(Random random, TestUser person)
    {
        if (Any(random, _leftOut.Where(left => left.By == person)) is not { By: not null } left)
            return;
        await pinboard.Get<BoardFollowService>().TakeBackInAsync(person.Viewer, left.Board, default);
        _leftOut.Remove(left);
    }

    async Task BlockAsync(TestUser person, TestUser other)
    {
        await pinboard.Get<BlockService>().BlockAsync(person.Viewer, other.Id, default);
        _blocks.Add((person, other));
        foreach (var (one, two) in ((TestUser, TestUser)[])[(person, other), (other, person)])
        {
            EndFollow(one, two);
            _boardFollows.RemoveWhere(follow => follow.By == one && _boards[follow.Board].Owner == two);
        }
        // What the blocked one follows ends when the follower comes by.
        await EndsAsync();
    }

    async Task UnblockAsync(Random random, TestUser person)
    {
        if (Any(random, _blocks.Where(block => block.By == person)) is not { By: not null } block)
            return;
        await pinboard.Get<BlockService>().UnblockAsync(person.Viewer, block.Whom.Id, default);
        _blocks.Remove(block);
        await EndsAsync();
    }

    /// <summary>
    /// Waits until all that was done is in the feeds: what one follower writes, the next has to read.
    /// </summary>
    public async Task SettleAsync()
    {
        for (var i = 0; i < 4; i++)
            await pinboard.FollowAsync();
    }

    /// <summary>Waits for the followers that end follows, not for feeds: their Redis may be down.</summary>
    Task EndsAsync() => pinboard.FollowAsync("reverses", "public-lists", FollowEndFollower.FollowerName);

    static T Any<T>(Random random, IEnumerable<T> all)
    {
        T[] some = [.. all];
        return some.Length == 0 ? default! : some[random.Next(some.Length)];
    }

    public ValueTask DisposeAsync() => pinboard.DisposeAsync();
}
