using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Caching;

/// <summary>What the cache has to forget of a transaction.</summary>
static class ChangedKeys
{
    /// <summary>The cache keys of everything that it changed.</summary>
    public static List<string> Of(JournalTransaction transaction, ShardingModel model)
    {
        var keys = new List<string>();
        foreach (var entry in transaction.Entries)
            if (entry is { Kind: JournalEntryKind.Event, Name: JournalEvents.Invalidate, Payload: { } key })
                keys.Add(key);
            else if (ChangesObject(entry.Kind) && model.FindType(entry.Id.Type) is { IsCached: true })
                keys.Add(ObjectCache.Key(entry.Id));
        return keys;
    }

    static bool ChangesObject(JournalEntryKind kind) => kind
        is JournalEntryKind.Created or JournalEntryKind.Updated or JournalEntryKind.Deleted or JournalEntryKind.Erased;
}
