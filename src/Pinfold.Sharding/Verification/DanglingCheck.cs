using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Verification;

/// <summary>Whether both ends of each entry are objects that there are, of the types that its mapping has.</summary>
/// <remarks>
/// An object is made before anybody can name it, and its row is never removed: one that is missing was lost. One that
/// is deleted may be in lists for as long as its application wants.
/// </remarks>
sealed class DanglingCheck(VerifyRun run, ShardFindings findings)
{
    const string Lost = "Nothing tells what the object was: restore its shard from a backup, or have the application "
        + "remove the entry.";

    readonly Dictionary<(string Mapping, string Ends), long> _deleted = [];
    readonly HashSet<int> _unknown = [];
    readonly Dictionary<Type, ObjectType> _types = run.Store.Model.Types.ToDictionary(type => type.BodyType);
    (int Mapping, long From) _list;

    /// <summary>Whether its ends are ids of this fleet, the first of this shard.</summary>
    public bool HasEnds(EntryCells entry)
    {
        if (ObjectId.TryFromInt64(entry.From, out var from) && ObjectId.TryFromInt64(entry.To, out var to)
            && from.Shard == findings.Shard && to.Shard.Value < run.Store.Topology.ShardCount)
            return true;
        findings.Fault(VerifyChecks.Dangling, $"{Name(entry.Mapping)} from {entry.From} to {entry.To} does not lead "
            + "from an object of this shard to one of this fleet", "Remove the row by SQL, and --repair the count.");
        return false;
    }

    /// <summary>The keys of the objects that it leads from and to.</summary>
    public IEnumerable<(ShardId Shard, RowKey Key)> ObjectsOf(EntryCells entry) =>
        Ends(entry).Where(end => end.IsObject).Select(end => KeyOf(end.Id));

    public void Check(List<EntryCells> entries, Dictionary<(ShardId Shard, RowKey Key), Cell[]> objects)
    {
        foreach (var entry in entries)
        {
            findings.LookedAt(VerifyChecks.Dangling, 1);
            if (run.Store.Model.FindMapping(entry.Mapping) is null)
            {
                _unknown.Add(entry.Mapping);
                continue;
            }
            foreach (var end in Ends(entry))
                CheckEnd(entry, end, objects);
            _list = (entry.Mapping, entry.From);
        }
    }

    /// <summary>Tells what is one line for all of its kind.</summary>
    public void Tell()
    {
        foreach (var ((mapping, ends), count) in _deleted)
            findings.Note(VerifyChecks.Dangling, ends == "from"
                ? $"{count:N0} lists of {mapping} are of deleted objects"
                : $"{count:N0} entries of {mapping} lead to deleted objects");
        foreach (var mapping in _unknown)
            findings.Note(VerifyChecks.Dangling, $"this program does not know mapping {mapping}, of which there are "
                + "entries", "Verify with the program that wrote them.");
    }

    void CheckEnd(EntryCells entry, End end, Dictionary<(ShardId Shard, RowKey Key), Cell[]> objects)
    {
        // All entries of a list lead from the same object, which is told once.
        if (end.Word == "from" && _list == (entry.Mapping, entry.From))
            return;
        var name = $"{Name(entry.Mapping)} from {entry.From} to {entry.To}";
        if (end.Id.Type != end.Type?.Number)
            findings.Fault(VerifyChecks.Dangling, $"{name} leads {end.Word} an object of type {end.Id.Type}, and its "
                + $"mapping {end.Word} one of type {end.Type?.Number}",
                "Remove the row by SQL, and --repair the count.");
        else if (end.IsObject && !objects.ContainsKey(KeyOf(end.Id)))
            findings.Fault(VerifyChecks.Dangling, $"{name} leads {end.Word} an object that is not there", Lost);
        else if (end.IsObject && objects[KeyOf(end.Id)][4].Number != 0)
            _deleted[(Name(entry.Mapping), end.Word)] =
                _deleted.GetValueOrDefault((Name(entry.Mapping), end.Word)) + 1;
    }

    IEnumerable<End> Ends(EntryCells entry)
    {
        if (run.Store.Model.FindMapping(entry.Mapping) is not { } mapping)
            yield break;
        var (from, to) = (_types.GetValueOrDefault(mapping.FromBody), _types.GetValueOrDefault(mapping.ToBody));
        yield return new End(ObjectId.FromInt64(entry.From), from, "from", from?.HasObjects == true);
        yield return new End(
            ObjectId.FromInt64(entry.To), to, "to", to?.HasObjects == true && mapping.LeadsToObjects);
    }

    readonly record struct End(ObjectId Id, ObjectType? Type, string Word, bool IsObject);

    string Name(int mapping) => run.Store.Model.FindMapping(mapping)?.Name ?? $"mapping {mapping}";

    static (ShardId, RowKey) KeyOf(ObjectId id) => (id.Shard, RowKey.Of(id.Type, id.Local));
}
