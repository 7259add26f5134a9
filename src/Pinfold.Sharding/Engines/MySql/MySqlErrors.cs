using MySqlConnector;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>What a server's error means for a read and for a commit.</summary>
static class MySqlErrors
{
    /// <summary>
    /// Whether it comes from the server or the way there; the driver lets some of the socket's through.
    /// </summary>
    public static bool IsOfServer(Exception e) =>
        e is MySqlException or IOException or System.Net.Sockets.SocketException;

    /// <summary>That nothing could be asked of a server, and whether it was the server that said so.</summary>
    public static string OfOpening(string server, Exception e) => e is MySqlException
    {
        ErrorCode: MySqlErrorCode.AccessDenied or MySqlErrorCode.UnknownDatabase or MySqlErrorCode.DatabaseAccessDenied
            or MySqlErrorCode.HostIsBlocked or MySqlErrorCode.HostNotPrivileged
            or MySqlErrorCode.TooManyUserConnections or MySqlErrorCode.ConnectionCountError
    }
        ? $"Server {server} refuses: {e.Message}"
        : $"Server {server} does not answer: {e.Message}";

    public static PinfoldException OfRead(MySqlShardServer server, IReadOnlyList<ShardRead> reads, Exception e)
    {
        if (e is MySqlException { ErrorCode: MySqlErrorCode.UnknownDatabase or MySqlErrorCode.NoSuchTable }
            && FindMissing(server.Databases, reads, e.Message) is { } missing)
            return new MissingShardException(
                missing, $"server {server.Name} (there is no database {server.Databases.Of(missing)})", e);
        var shards = reads.Select(r => r.Shard).Distinct().Order().ToList();
        var named = shards.Count == 1 ? $"shard {shards[0]}" : $"{shards.Count} shards (the first is {shards[0]})";
        var kind = e is MySqlException { ErrorCode: MySqlErrorCode.CommandTimeoutExpired } ? ErrorKind.DeadlineExceeded
            : ErrorKind.Unavailable;
        return new PinfoldException(kind, $"Server {server.Name} could not read from {named}: {e.Message}", e)
        { Shard = shards.Count == 1 ? shards[0] : null };
    }

    /// <summary>
    /// The shard whose database the message names; not every server says that all of it is missing. Where the table of
    /// all shards' rows is missing, every shard is.
    /// </summary>
    static ShardId? FindMissing(DatabaseNames databases, IReadOnlyList<ShardRead> reads, string message)
    {
        foreach (var read in reads)
            if (message.Contains($"'{databases.Of(read.Shard)}", StringComparison.Ordinal)
                || (read is ShardRowRead && message.Contains($"'{databases.Server}", StringComparison.Ordinal)))
                return read.Shard;
        return null;
    }

    /// <summary>
    /// What the error alone says; <see cref="MySqlFailedCommit"/> then asks whether an earlier attempt is the reason.
    /// </summary>
    public static CommitFailure OfCommit(IReadOnlyList<ShardCommit> commits, MySqlException e) => e.ErrorCode switch
    {
        // Error 1048 names the column that was not to be NULL: the fence's, or that of a check.
        MySqlErrorCode.ColumnCannotBeNull =>
            e.Message.Contains("'last_seq'", StringComparison.Ordinal)
                || e.Message.Contains("'local_id'", StringComparison.Ordinal)
                ? CommitFailure.Fenced
                : CommitFailure.Precondition,
        MySqlErrorCode.UnknownDatabase => CommitFailure.Fenced,
        MySqlErrorCode.NoSuchTable when e.Message.Contains(".shards'", StringComparison.Ordinal) =>
            CommitFailure.Fenced,
        MySqlErrorCode.DuplicateKeyEntry =>
            commits.Any(c => c.Transactions.Any(t => t.Operations.Any(o => o is ReserveName))) ? CommitFailure.NameTaken
            : CommitFailure.Refused,
        _ => IsFateUnknown(e) ? CommitFailure.Unknown : CommitFailure.Refused,
    };

    /// <summary>No answer from the server, or one that a statement in the midst of COMMIT can give too.</summary>
    static bool IsFateUnknown(MySqlException e) =>
        (int)e.ErrorCode <= 0
        || e.InnerException is IOException or System.Net.Sockets.SocketException
        || e.ErrorCode is MySqlErrorCode.CommandTimeoutExpired or MySqlErrorCode.QueryInterrupted
            or MySqlErrorCode.ServerShutdown or MySqlErrorCode.UnableToConnectToHost
        || (int)e.ErrorCode is 1927 or 1184 or 1152 or 1158 or 1159 or 1160 or 1161;
}
