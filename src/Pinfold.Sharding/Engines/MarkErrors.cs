namespace Pinfold.Sharding.Engines;

/// <summary>That a shard's mark, or the shard, is not what an operation takes it for.</summary>
static class MarkErrors
{
    public static PinfoldException NotOurs(
        ShardId shard, string server, MarkHolder by, (ShardMarkRole Role, string Operation)? found) => new(
            ErrorKind.Conflict, found switch
            {
                null => $"Shard {shard} on server {server} is not marked for operation {by.Operation}.",
                var (_, operation) when operation == by.Operation =>
                    $"Operation {by.Operation} is being run by another process, which has shard {shard} on server "
                    + $"{server} by now.",
                var (role, operation) => Taken(shard, server, role, operation),
            })
        { Shard = shard };

    /// <summary>Something of the shard is there, of another operation or of nobody's.</summary>
    public static PinfoldException There(
        ShardId shard, string server, (ShardMarkRole Role, string Operation)? mark) => new(
            ErrorKind.Conflict, mark is var (role, operation) ? Taken(shard, server, role, operation)
                : $"Server {server} has something of shard {shard} already, which no operation has left there: it is "
                + "not overwritten. See what it is; what nobody needs can be dropped with the engine's own client.")
        { Shard = shard };

    public static PinfoldException OtherEpoch(ShardId shard, string server, long epoch, long? there) => new(
        ErrorKind.Conflict, $"Shard {shard} on server {server} is "
            + (there is null ? "not there" : $"of epoch {there}") + $", and not of {epoch} as the topology has it.")
    { Shard = shard };

    public static PinfoldException NotWhole(ShardId shard, string server, long lastSeq, long there) => new(
        ErrorKind.Conflict, $"Shard {shard} on server {server} is whole up to journal number {there} and not up to "
            + $"{lastSeq}: it is not opened.")
    { Shard = shard };

    static string Taken(ShardId shard, string server, ShardMarkRole role, string operation) => role switch
    {
        ShardMarkRole.Left => $"Server {server} has what shard {shard} was when operation {operation} moved it away: "
            + "\"pinfold shard move --back\" returns to it, \"pinfold shard cleanup\" removes it.",
        _ => $"Shard {shard} on server {server} is {(role == ShardMarkRole.Arriving ? "a copy" : "a source")} of "
            + $"operation {operation}: \"pinfold operation show {operation}\" says how far that is; resume or cancel "
            + "it.",
    };
}
