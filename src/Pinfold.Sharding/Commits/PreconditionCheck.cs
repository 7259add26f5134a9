using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Commits;

/// <summary>
/// After a refused commit: which of its objects was missing, or of another version, or which list was too long, or
/// which entry was not as required. One more round trip.
/// </summary>
static class PreconditionCheck
{
    public static async Task<(ErrorKind Kind, string Message)> ExplainAsync(
        IShardServer server, PendingTransaction transaction)
    {
        var objects = transaction.Operations.Select(Wanted).Where(w => w.Type is not null).ToList();
        var objectReads = objects.ConvertAll(w => new ObjectsRead(transaction.Shard, w.Type!, [w.Local]));
        var lists = transaction.Operations.OfType<RequireAtMost>().ToList();
        var listReads = lists.ConvertAll(l => new CountRead(transaction.Shard, l.Mapping, l.From));
        var pairs = transaction.Operations.OfType<RequireEntry>().ToList();
        var pairReads = pairs.ConvertAll(p => new EntriesRead(transaction.Shard, p.Mapping, p.From, [p.To]));
        try
        {
            await server.ReadAsync([.. objectReads, .. listReads, .. pairReads], CancellationToken.None);
        }
        catch (PinfoldException)
        {
            return (ErrorKind.Conflict,
                "An object of this write is missing or was changed meanwhile. Nothing was changed.");
        }
        for (var i = 0; i < objects.Count; i++)
            if (Refusal(transaction.Shard, objects[i], objectReads[i].Rows[0]) is { } refusal)
                return refusal;
        for (var i = 0; i < lists.Count; i++)
            if (listReads[i].Count > lists[i].EntriesMax)
                return (ErrorKind.Conflict,
                    $"The list {lists[i].Mapping.Name} of {lists[i].From} has {listReads[i].Count} entries, and this "
                    + $"write requires that it has {Most(lists[i].EntriesMax)}. Nothing was changed.");
        for (var i = 0; i < pairs.Count; i++)
            if (pairs[i].Sequence is { } sequence && pairReads[i].Rows is [var row] && row.Sequence != sequence)
                return (ErrorKind.Conflict,
                    $"{pairs[i].To} is in the list {pairs[i].Mapping.Name} of {pairs[i].From} at {row.Sequence}, and "
                    + $"this write requires that it is at {sequence}. Nothing was changed.");
            else if (pairReads[i].Rows.Count > 0 != pairs[i].IsThere)
                return (ErrorKind.Conflict,
                    $"{pairs[i].To} is {(pairs[i].IsThere ? "not " : "")}in the list {pairs[i].Mapping.Name} of "
                    + $"{pairs[i].From}, and this write requires the contrary. Nothing was changed.");
        return (ErrorKind.Conflict, "An object of this write was changed meanwhile. Nothing was changed; read again.");
    }

    static string Most(long entries) => entries == 0 ? "none" : $"at most {entries}";

    static (ErrorKind Kind, string Message)? Refusal(
        ShardId shard, (ObjectType? Type, long Local, long? Version) wanted, ObjectRow? row)
    {
        var id = new ObjectId(shard, wanted.Type!.Number, wanted.Local);
        if (row is null)
            return (ErrorKind.NotFound, $"There is no object {id} of {wanted.Type.Name}. Nothing was changed.");
        return wanted.Version is { } version && row.Version != version
            ? (ErrorKind.Conflict,
                $"Object {id} of {wanted.Type.Name} is at version {row.Version}, not {version}: somebody changed it "
                + "meanwhile. Read it again.")
            : null;
    }

    static (ObjectType? Type, long Local, long? Version) Wanted(WriteOperation operation) => operation switch
    {
        UpdateObject update => (update.Type, update.Local, update.ExpectedVersion),
        DeleteObject delete => (delete.Type, delete.Local, delete.ExpectedVersion),
        RequireObject required => (required.Type, required.Local, required.ExpectedVersion),
        _ => default,
    };
}
