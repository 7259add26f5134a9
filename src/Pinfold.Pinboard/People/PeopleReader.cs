using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.People;

/// <summary>Everybody who has an account, for administrators: in the order of shards, and on each of joining.</summary>
sealed class PeopleReader(ShardedStore store, Accounts accounts)
{
    /// <summary>Whose credentials and sessions are read at once.</summary>
    const int ReadAtOnce = 100;

    const int ShardsAtOnceMin = 16;
    const int ShardsAtOnceMax = 512;

    /// <summary>A page of at most so many, after somebody; null after the last.</summary>
    /// <remarks>
    /// Three round trips to a server where there are people enough on a few shards; where there are not, more shards
    /// are asked each time.
    /// </remarks>
    public async Task<Page<ListedPerson>> PageAsync(int limit, string? after, CancellationToken cancellation)
    {
        var begin = after is null ? default : ObjectId<User>.Parse(after);
        var found = new List<ListedPerson>();
        await foreach (var person in ListAsync(begin, limit + 1, cancellation))
        {
            if (found.Count == limit)
                return new Page<ListedPerson>(found, $"{found[^1].Id}");
            found.Add(person);
        }
        return new Page<ListedPerson>(found, null);
    }

    /// <summary>The person of that user name or email address, or null. Five round trips.</summary>
    public async Task<ListedPerson?> FindAsync(string name, CancellationToken cancellation) =>
        await accounts.FindIdAsync(name, cancellation) is { } id
        && await store.FindUncachedAsync(id, cancellation) is { } user
            ? (await ReadAsync([user], cancellation))[0]
            : null;

    /// <summary>All of them, read as they are consumed.</summary>
    /// <param name="after">Only those beyond this one; <c>default</c> from the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async IAsyncEnumerable<ListedPerson> ListAsync(
        ObjectId<User> after, int limit, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var users in UsersAsync(after, limit, cancellation))
            foreach (var part in users.Chunk(ReadAtOnce))
                foreach (var person in await ReadAsync(part, cancellation))
                    yield return person;
    }

    /// <summary>The people themselves, some at a time; at most <paramref name="limit"/> in all.</summary>
    public async IAsyncEnumerable<IReadOnlyList<Stored<User>>> UsersAsync(
        ObjectId<User> after, int limit, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (shard, width) = (after.IsNone ? 0 : after.Shard.Value, ShardsAtOnceMin);
        for (var last = after; shard < store.Topology.ShardCount && limit > 0;)
        {
            var take = Math.Min(limit, ReadAtOnce);
            var read = store.Read();
            var parts = Enumerable.Range(shard, Math.Min(width, store.Topology.ShardCount - shard))
                .Select(i => new ShardId(i))
                .Select(s => read.Scan(s, !last.IsNone && last.Shard == s ? last : default, take)).ToList();
            await read.ExecuteAsync(cancellation);
            var found = new List<Stored<User>>();
            foreach (var part in parts)
            {
                var here = part.Value.Take(take - found.Count).ToList();
                found.AddRange(here);
                if (here.Count > 0)
                    last = here[^1].Id;
                // Full, or of a shard that may have more: that is where the next part begins.
                if (found.Count == take)
                    break;
                shard++;
            }
            width = found.Count < take ? Math.Min(2 * width, ShardsAtOnceMax) : ShardsAtOnceMin;
            limit -= found.Count;
            if (found.Count > 0)
                yield return found;
        }
    }

    async Task<IReadOnlyList<ListedPerson>> ReadAsync(
        IReadOnlyList<Stored<User>> users, CancellationToken cancellation)
    {
        var lists = store.Read();
        var entries = users.Select(user => (
            Credentials: lists.Page(UserHasCredentials, user.Id, new PageRequest(1)),
            Sessions: lists.Page(UserHasSessions, user.Id, new PageRequest(Session.OfOnePersonMax)))).ToList();
        await lists.ExecuteAsync(cancellation);
        var credentials = await FindAllAsync(entries.SelectMany(e => e.Credentials.Value.Items), cancellation);
        var sessions = await FindAllAsync(entries.SelectMany(e => e.Sessions.Value.Items), cancellation);
        return
        [
            .. users.Zip(entries, (user, e) => Listed(
                user,
                credentials.GetValueOrDefault(e.Credentials.Value.Items is [var first] ? first.To : default),
                e.Sessions.Value.Items.Select(s => sessions.GetValueOrDefault(s.To)?.SeenAt).Max())),
        ];
    }

    async Task<Dictionary<ObjectId<T>, T>> FindAllAsync<T>(
        IEnumerable<Entry<T>> entries, CancellationToken cancellation) where T : class =>
        (await store.FindManyAsync([.. entries.Select(e => e.To)], cancellation)).OfType<Stored<T>>()
            .ToDictionary(o => o.Id, o => o.Body);

    static ListedPerson Listed(Stored<User> user, Credentials? credentials, DateTimeOffset? seenAt) => new(
        user.Id, user.Body.Username, user.Body.DisplayName, credentials?.Email ?? "",
        credentials?.IsAdministrator == true, credentials?.DisabledAt, user.Body.JoinedAt, seenAt);
}

/// <summary>Somebody as administrators see them.</summary>
/// <param name="Id">Their id.</param>
/// <param name="Username">As in addresses.</param>
/// <param name="DisplayName">As shown.</param>
/// <param name="Email">Empty for none.</param>
/// <param name="IsAdministrator">Whether they are one.</param>
/// <param name="DisabledAt">Since when they cannot sign in, or null.</param>
/// <param name="JoinedAt">When the account was made.</param>
/// <param name="SeenAt">When one of their sessions was last used, to the hour; null if there is none.</param>
sealed record ListedPerson(
    ObjectId<User> Id, string Username, string DisplayName, string Email, bool IsAdministrator,
    DateTimeOffset? DisabledAt, DateTimeOffset JoinedAt, DateTimeOffset? SeenAt);
