using System.Collections.Concurrent;
using Pinfold.Pinboard.Audit;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Budgets;

/// <summary>
/// Who may keep how much, and how much they keep. A process reads a person's list at most once a minute, adds what it
/// lets in meanwhile, and reads again before it refuses: what was deleted, or granted, counts at once. What other
/// processes let in within that minute may go beyond the budget, never more.
/// </summary>
sealed class PersonalBudgets(ShardedStore store, PinboardSettings settings, AuditLog audit, TimeProvider time)
{
    const int TalliesMax = 10_000;

    static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(1);

    /// <summary>Who is refused, and tries on, does not have their list read each time.</summary>
    static readonly TimeSpan RefusalFreshFor = TimeSpan.FromSeconds(2);

    readonly ConcurrentDictionary<ObjectId<User>, Tally> _tallies = new();

    /// <summary>A person's budget and what they keep, from their shard. A round trip for each 10,000 pins.</summary>
    public async Task<(Budget Budget, bool IsTheirOwn, Usage Usage)> ReadAsync(
        ObjectId<User> person, CancellationToken cancellation)
    {
        var usage = default(Usage);
        var request = new PageRequest(PageRequest.LimitMax) { NewestFirst = false };
        while (true)
        {
            var read = store.Read();
            var own = read.Page(UserHasBudget, person, new PageRequest(1));
            var page = read.Page(UserHasPins, person, request);
            await read.ExecuteAsync(cancellation);
            foreach (var pin in page.Value.Items)
                usage += new Usage(PinWeight.Parse(pin.Body.Span), 1);
            if (page.Value.Next is { } next)
            {
                request = request with { Cursor = next };
                continue;
            }
            var budget = own.Value.Items is [var entry] ? Budget.Parse(entry.Body.Span) : null;
            return (budget ?? settings.Budget, budget is not null, usage);
        }
    }

    /// <summary>A person's budget; at most a minute old. No round trip within that.</summary>
    public async Task<Budget> FindAsync(ObjectId<User> person, CancellationToken cancellation) =>
        (await TallyAsync(person, FreshFor, cancellation)).Budget;

    /// <summary>How many more bytes of pictures a person may keep; below zero where they keep too much.</summary>
    public async Task<long> FindRoomAsync(ObjectId<User> person, CancellationToken cancellation) =>
        (await TallyAsync(person, RefusalFreshFor, cancellation)).BytesLeft;

    /// <summary>
    /// Lets in so many pins with so many bytes: they count from now on, and for good once they are kept.
    /// </summary>
    /// <exception cref="BudgetException">It would be too much.</exception>
    public async Task<Room> TakeAsync(ObjectId<User> person, Usage more, CancellationToken cancellation)
    {
        if ((await TallyAsync(person, FreshFor, cancellation)).TryTake(more, out var room))
            return room;
        var tally = await TallyAsync(person, RefusalFreshFor, cancellation);
        return tally.TryTake(more, out room) ? room : throw tally.Refusal(more);
    }

    /// <summary>Refuses what would be too much, and lets nothing in.</summary>
    /// <exception cref="BudgetException">It would be too much.</exception>
    public async Task RequireRoomAsync(ObjectId<User> person, Usage more, CancellationToken cancellation) =>
        (await TakeAsync(person, more, cancellation)).Dispose();

    /// <summary>Gives a person a budget of their own, or with null the installation's again. Two round trips.</summary>
    public async Task SetAsync(ObjectId<User> person, Budget? budget, CancellationToken cancellation)
    {
        await store.WriteAsync(person.Shard, async (transaction, token) =>
        {
            if (budget is null)
                transaction.Remove(UserHasBudget, person, person);
            else
                transaction.Put(UserHasBudget, person, person, 0, budget.Checked().ToBytes());
            await audit.AddAsync(transaction, person, AuditEvent.BudgetChanged, cancellation: token);
        }, cancellation);
        _tallies.TryRemove(person, out _);
    }

    async Task<Tally> TallyAsync(ObjectId<User> person, TimeSpan freshFor, CancellationToken cancellation)
    {
        if (_tallies.Count > TalliesMax)
            _tallies.Clear();
        var tally = _tallies.GetOrAdd(person, _ => new Tally(time));
        if (tally.IsOlderThan(freshFor))
        {
            var mark = tally.BeginRead();
            var (budget, _, usage) = await ReadAsync(person, cancellation);
            tally.EndRead(mark, budget, usage);
        }
        return tally;
    }
}
