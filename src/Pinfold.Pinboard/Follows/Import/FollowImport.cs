using System.Collections.Concurrent;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Follows.Import;

/// <summary>
/// Follows from an edge list, so many rows at a time: those of one person in few transactions, those of many people
/// side by side. The same list twice adds nothing, so one that was cut short is simply run again.
/// </summary>
sealed class FollowImport(FollowBatches batches, NamedPeople people, PasswordlessAccounts accounts)
{
    /// <summary>
    /// As many as are held in memory; a list that is not sorted by follower gains by more, for they are grouped.
    /// </summary>
    const int RowsAtOnce = 50_000;
    const int PeopleAtOnceMax = 64;

    readonly Lock _gate = new();
    FollowImportResult _result = new(0, 0, 0, 0, 0);

    /// <summary>Reads all rows, and gives what it did.</summary>
    /// <param name="rows">The list.</param>
    /// <param name="options">How it is taken.</param>
    /// <param name="report">Told now and then what was done so far.</param>
    /// <param name="refuse">Told every row that was refused, those of one part in order.</param>
    /// <param name="cancellation">Ends it between two transactions.</param>
    /// <exception cref="PinfoldException">
    /// Invalid: people are to be made, and nobody is here yet. As any write: what was done before stays.
    /// </exception>
    public async Task<FollowImportResult> RunAsync(
        IAsyncEnumerable<EdgeRow> rows, FollowImportOptions options, Action<FollowImportResult> report,
        Action<RowProblem> refuse, CancellationToken cancellation)
    {
        if (options.MakesMissing)
            await accounts.RefuseFirstAsync(cancellation);
        var part = new List<EdgeRow>(RowsAtOnce);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            part.Add(row);
            if (part.Count == RowsAtOnce)
                await RunPartAsync(part, options, report, refuse, cancellation);
        }
        await RunPartAsync(part, options, report, refuse, cancellation);
        return _result;
    }

    async Task RunPartAsync(
        List<EdgeRow> rows, FollowImportOptions options, Action<FollowImportResult> report,
        Action<RowProblem> refuse, CancellationToken cancellation)
    {
        var problems = new ConcurrentDictionary<long, RowProblem>();
        void Refuse(EdgeRow row, string why) =>
            problems.TryAdd(row.Position, new RowProblem(row.Position, row.Text, why, IsRefused: true));
        var edges = Edges(rows, options.Prefix, Refuse);
        var names = edges.SelectMany(e => new[] { e.From, e.To }).ToHashSet();
        var known = await people.FindAsync(names, options.MakesMissing, cancellation);
        var follows = Follows(edges, known, options.IsBothWays, Refuse);
        await Parallel.ForEachAsync(
            follows, new ParallelOptions { MaxDegreeOfParallelism = PeopleAtOnceMax, CancellationToken = cancellation },
            async (of, token) => Count(await batches.FollowAsync(
                of.Key, of.Value.Keys, (to, why) => Refuse(of.Value[to], why), token), report));
        foreach (var problem in problems.Values.OrderBy(p => p.Row))
            refuse(problem);
        var distinct = follows.Values.Sum(of => of.Count);
        var asked = edges.Count(e => known.ContainsKey(e.From) && known.ContainsKey(e.To) && e.From != e.To)
            * (options.IsBothWays ? 2 : 1);
        _result = _result with
        {
            Rows = _result.Rows + rows.Count,
            Refused = _result.Refused + problems.Count,
            Present = _result.Present + asked - distinct,
            People = people.Made,
        };
        report(_result);
        rows.Clear();
    }

    static List<Edge> Edges(List<EdgeRow> rows, string prefix, Action<EdgeRow, string> refuse)
    {
        var edges = new List<Edge>(rows.Count);
        foreach (var row in rows)
            if (row.Words is [var from, var to])
                edges.Add(new Edge(row, NameOf(prefix, from), NameOf(prefix, to)));
            else
                refuse(row, "A row has two user names: who follows, and whom.");
        return edges;
    }

    /// <summary>Whom each follows, each once, with the row that says so first.</summary>
    static Dictionary<ObjectId<User>, Dictionary<ObjectId<User>, EdgeRow>> Follows(
        List<Edge> edges, IReadOnlyDictionary<string, ObjectId<User>> known, bool isBothWays,
        Action<EdgeRow, string> refuse)
    {
        var follows = new Dictionary<ObjectId<User>, Dictionary<ObjectId<User>, EdgeRow>>();
        foreach (var (row, fromName, toName) in edges)
        {
            if (!known.TryGetValue(fromName, out var from))
                refuse(row, Missing(fromName));
            else if (!known.TryGetValue(toName, out var to))
                refuse(row, Missing(toName));
            else if (from == to)
                refuse(row, "Nobody can follow themselves.");
            else
            {
                Add(from, to, row);
                if (isBothWays)
                    Add(to, from, row);
            }
        }
        return follows;

        void Add(ObjectId<User> from, ObjectId<User> to, EdgeRow row)
        {
            if (!follows.TryGetValue(from, out var of))
                follows.Add(from, of = []);
            of.TryAdd(to, row);
        }
    }

    void Count((long Added, long Present) done, Action<FollowImportResult> report)
    {
        lock (_gate)
        {
            _result = _result with
            {
                Added = _result.Added + done.Added,
                Present = _result.Present + done.Present,
                People = people.Made,
            };
            report(_result);
        }
    }

    static string Missing(string name) => Usernames.IsPossible(name)
        ? $"There is no user \"{name}\"."
        : $"\"{name}\" is no user name, and nobody can have it.";

    static string NameOf(string prefix, string word) => (prefix + word).ToLowerInvariant();

    readonly record struct Edge(EdgeRow Row, string From, string To);
}
