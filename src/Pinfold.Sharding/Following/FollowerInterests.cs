using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Following;

/// <summary>
/// Which transactions a follower is given: those with at least one entry that is of one of these. What is not declared
/// costs it nothing, not even a call.
/// </summary>
public sealed class FollowerInterests
{
    readonly HashSet<int> _types = [];
    readonly HashSet<int> _mappings = [];
    readonly HashSet<string> _events = [];
    readonly HashSet<JournalEntryKind> _kinds = [];
    bool _isEverything;

    /// <summary>Every transaction, whatever is in it.</summary>
    public static FollowerInterests Everything { get; } = new() { _isEverything = true };

    /// <summary>Objects of these types were created, updated, deleted or erased.</summary>
    public IEnumerable<ObjectType> Types { init => _types = [.. value.Select(type => type.Number)]; }

    /// <summary>Entries of these mappings were put or removed.</summary>
    public IEnumerable<Mapping> Mappings { init => _mappings = [.. value.Select(mapping => mapping.Number)]; }

    /// <summary>Events of these names were said.</summary>
    public IEnumerable<string> Events { init => _events = [.. value]; }

    /// <summary>All entries of these kinds, whatever their type, mapping or name.</summary>
    public IEnumerable<JournalEntryKind> Kinds { init => _kinds = [.. value]; }

    /// <summary>Whether one of the entries concerns who has these interests.</summary>
    public bool Concern(JournalTransaction transaction)
    {
        var entries = transaction.Entries;
        for (var i = 0; i < entries.Count; i++)
            if (Concern(entries[i]))
                return true;
        return _isEverything;
    }

    /// <summary>What occurs in the entries that concern who has these interests, each once.</summary>
    internal IReadOnlyCollection<ObjectId> ObjectsOf(JournalTransaction transaction)
    {
        var objects = new HashSet<ObjectId>();
        foreach (var entry in transaction.Entries)
            if (_isEverything || Concern(entry))
                objects.Add(entry.Id);
        return objects;
    }

    bool Concern(JournalEntry entry) => _kinds.Contains(entry.Kind) || entry.Kind switch
    {
        JournalEntryKind.Created or JournalEntryKind.Updated or JournalEntryKind.Deleted or JournalEntryKind.Erased =>
            _types.Contains(entry.Id.Type),
        JournalEntryKind.Mapped or JournalEntryKind.Unmapped => _mappings.Contains(entry.Mapping),
        JournalEntryKind.Event => entry.Name is { } name && _events.Contains(name),
        _ => false,
    };
}
