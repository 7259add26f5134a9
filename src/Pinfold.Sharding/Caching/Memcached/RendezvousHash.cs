namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>
/// Which server owns a key, and which stands in for it: the two with the highest score (rendezvous hashing), so that a
/// server more or less moves only its own keys. Every process must come to the same answer: the hash is FNV-1a over the
/// bytes, finished by MurmurHash3's 64-bit mixer, and depends on the servers' names, not on their order.
/// </summary>
internal sealed class RendezvousHash(IReadOnlyList<string> servers)
{
    readonly ulong[] _seeds = [.. servers.Select(server => Mix(Fnv1a(server)))];

    /// <summary>Indexes of the owner and its stand-in; the latter is -1 when there is one server only.</summary>
    public (int Owner, int StandIn) Rank(string key)
    {
        var hash = Fnv1a(key);
        int owner = -1, standIn = -1;
        ulong ownerScore = 0, standInScore = 0;
        for (var i = 0; i < _seeds.Length; i++)
        {
            var score = Mix(hash ^ _seeds[i]);
            if (owner < 0 || score > ownerScore)
            {
                (standIn, standInScore) = (owner, ownerScore);
                (owner, ownerScore) = (i, score);
            }
            else if (standIn < 0 || score > standInScore)
            {
                (standIn, standInScore) = (i, score);
            }
        }
        return (owner, standIn);
    }

    static ulong Fnv1a(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text)
            hash = (hash ^ (byte)character) * 1099511628211UL;
        return hash;
    }

    static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }
}
