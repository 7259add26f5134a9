using System.Collections.Concurrent;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Follows.Import;

/// <summary>Finds people by name, many at once, and makes those who are missing where that is wanted.</summary>
sealed class NamedPeople(ShardedStore store, PasswordlessAccounts accounts)
{
    const int AtOnceMax = 64;

    /// <summary>Beyond, those who were found are forgotten, and asked for again.</summary>
    const int KeptMax = 1_000_000;

    readonly ConcurrentDictionary<string, ObjectId<User>> _known = [];
    long _made;

    /// <summary>How many were made.</summary>
    public long Made => Volatile.Read(ref _made);

    /// <summary>
    /// Who is called so; names that nobody has, or nobody can have, are not among them. A round trip for each that was
    /// not found before, side by side.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, ObjectId<User>>> FindAsync(
        IReadOnlyCollection<string> names, bool makesMissing, CancellationToken cancellation)
    {
        if (_known.Count > KeptMax)
            _known.Clear();
        await Parallel.ForEachAsync(
            names.Where(name => !_known.ContainsKey(name)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = cancellation },
            async (name, token) =>
            {
                if (await FindAsync(name, makesMissing, token) is { } id)
                    _known[name] = id;
            });
        return _known;
    }

    async Task<ObjectId<User>?> FindAsync(string name, bool makesMissing, CancellationToken cancellation)
    {
        if (!Usernames.IsPossible(name))
            return null;
        var there = await FindAsync(name, cancellation);
        if (there is not null || !makesMissing)
            return there;
        if (await accounts.MakeAsync(name, cancellation) is not { } made)
            return await FindAsync(name, cancellation);
        Interlocked.Increment(ref _made);
        return made;
    }

    async Task<ObjectId<User>?> FindAsync(string name, CancellationToken cancellation) =>
        await store.Names.FindOwnerAsync(PinboardModel.UsernameKind, name, cancellation) is { } id
            ? User.Type.Id(id)
            : null;
}
