using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Commits;

/// <summary>
/// After a refused commit: which of its objects was missing, or of another version. One more round trip.
/// </summary>
static class PreconditionCheck
{
    public static async Task<(ErrorKind Kind, string Message)> ExplainAsync(
        IShardServer server, PendingTransaction transaction)
    {
        var wanted = transaction.Operations.Select(Wanted).Where(w => w.Type is not null).ToList();
        var reads = wanted.ConvertAll(w => new ObjectsRead(transaction.Shard, w.Type!, [w.Local]));
        try
        {
            await server.ReadAsync(reads, CancellationToken.None);
        }
        catch (PinfoldException)
        {
            return (ErrorKind.Conflict,
                "An object of this write is missing or was changed meanwhile. Nothing was changed.");
        }
        for (var i = 0; i < wanted.Count; i++)
        {
            var id = new ObjectId(transaction.Shard, wanted[i].Type!.Number, wanted[i].Local);
            if (reads[i].Rows[0] is not { } row)
                return (ErrorKind.NotFound,
                    $"There is no object {id} of {wanted[i].Type!.Name}. Nothing was changed.");
            if (wanted[i].Version is { } version && row.Version != version)
                return (ErrorKind.Conflict,
                    $"Object {id} of {wanted[i].Type!.Name} is at version {row.Version}, not {version}: somebody " +
                        "changed it meanwhile. Read it again.");
        }
        return (ErrorKind.Conflict, "An object of this write was changed meanwhile. Nothing was changed; read again.");
    }

    static (ObjectType? Type, long Local, long? Version) Wanted(WriteOperation operation) => operation switch
    {
        UpdateObject update => (update.Type, update.Local, update.ExpectedVersion),
        DeleteObject delete => (delete.Type, delete.Local, delete.ExpectedVersion),
        _ => default,
    };
}
