using Pinfold.Pinboard.Follows.Import;
using Pinfold.Sharding;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Follows;

/// <summary>Who follows whom in a graph of real people, brought in as <c>import follows</c> does it.</summary>
sealed class FollowGraph
{
    /// <summary>How many of those with the most followers have boards.</summary>
    public const int OwnersMax = 200;

    const string Prefix = "g-";

    readonly IReadOnlyList<EdgeRow> _rows;
    readonly bool _isBothWays;
    readonly HashSet<(string From, string To)> _follows;

    FollowGraph(IReadOnlyList<EdgeRow> rows, bool isBothWays)
    {
        (_rows, _isBothWays) = (rows, isBothWays);
        _follows = [.. rows.Select(row => (row.Words[0], row.Words[1]))];
        if (isBothWays)
            _follows.UnionWith(rows.Select(row => (row.Words[1], row.Words[0])));
    }

    /// <summary>The whole of it, or what is between the first so many people; skips the test where it is not.</summary>
    public static async Task<FollowGraph> ReadAsync(string file, bool isBothWays, int peopleMax)
    {
        var path = SharedData.Find($"graph/{file}");
        Assert.SkipWhen(path is null, "The graphs are not on this machine.");
        var (people, rows) = (new HashSet<string>(), new List<EdgeRow>());
        await using var list = await EdgeList.OpenAsync(path!, default);
        await foreach (var row in list.ReadAsync(default))
            if (row.Words.All(name => people.Contains(name) || (people.Count < peopleMax && people.Add(name))))
                rows.Add(row);
        return new FollowGraph(rows, isBothWays);
    }

    /// <summary>Makes its people and follows; gives the people, those with the most followers first.</summary>
    public async Task<IReadOnlyList<TestUser>> ImportAsync(TestPinboard pinboard)
    {
        await pinboard.AddUserAsync("somebody");
        var result = await pinboard.Get<FollowImport>().RunAsync(
            _rows.ToAsyncEnumerable(), new FollowImportOptions(Prefix, _isBothWays, MakesMissing: true),
            _ => { }, problem => throw new InvalidOperationException(problem.Why), default);
        result.Added.ShouldBe(_follows.Count);
        var followers = _follows.CountBy(follow => follow.To).ToDictionary();
        var names = _follows.SelectMany(follow => (string[])[follow.From, follow.To]).Distinct()
            .OrderByDescending(name => followers.GetValueOrDefault(name)).ThenBy(name => name, StringComparer.Ordinal);
        var people = new List<TestUser>();
        foreach (var name in names.Select(name => Prefix + name))
            people.Add(new TestUser(User.Type.Id(
                (await pinboard.Store.Names.FindOwnerAsync(PinboardModel.UsernameKind, name))!.Value), name));
        return people;
    }

    public IEnumerable<(ObjectId<User> From, ObjectId<User> To)> FollowsOf(IReadOnlyList<TestUser> people)
    {
        var byName = people.ToDictionary(person => person.Name, person => person.Id);
        return _follows.Select(follow => (byName[Prefix + follow.From], byName[Prefix + follow.To]));
    }
}
