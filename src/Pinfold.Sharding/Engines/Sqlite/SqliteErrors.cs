using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>What an error of SQLite means for a read and for a commit.</summary>
static class SqliteErrors
{
    public static MissingShardException Missing(ShardId shard, string server, string path) =>
        new(shard, $"server {server} (there is no file {Path.GetFileName(path)})");

    public static PinfoldException OfOtherFormat(ShardId shard, string path, long format) => new(ErrorKind.Corrupt,
        $"The file {Path.GetFileName(path)} of shard {shard} has table format {format}; this program knows " +
        $"{SqliteSchema.Format} alone. " + (format > SqliteSchema.Format ? "Use a newer program."
            : "Begin anew in another folder, or take this file away if nothing in it is needed."))
    { Shard = shard };

    public static PinfoldException NotAShard(ShardId shard, string path) => new(ErrorKind.Corrupt,
        $"The file {Path.GetFileName(path)} is a database, but not that of a shard. " +
        $"Put shard {shard}'s own file in its place.")
    { Shard = shard };

    /// <summary>The same failure for people who know nothing of SQLite.</summary>
    public static PinfoldException Of(ShardId shard, string path, SqliteException e)
    {
        var file = $"the file {Path.GetFileName(path)} of shard {shard}";
        if (e.SqliteErrorCode == raw.SQLITE_ERROR
            && ShardTable.All.Any(
                table => e.Message.Contains($"no such table: {table.Name}'", StringComparison.Ordinal)))
            return new MissingShardException(shard, $"this server (it has left {file})", e);
        var (kind, message) = e.SqliteErrorCode switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => (ErrorKind.Unavailable,
                $"Another process kept {file} locked for too long; try again when it is done."),
            raw.SQLITE_FULL => (ErrorKind.Unavailable,
                $"There is no room to write to {file}: free space on its disk, then try again."),
            raw.SQLITE_CORRUPT => (ErrorKind.Corrupt,
                $"What {file} holds is damaged ({e.SqliteExtendedErrorCode}); restore it from a backup."),
            raw.SQLITE_NOTADB => (ErrorKind.Corrupt,
                $"What is in the place of {file} is not a SQLite database; put the right file there, or restore it " +
                "from a backup."),
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN or raw.SQLITE_AUTH => (ErrorKind.Unavailable,
                $"This program may not open or write {file}, or make another beside it; give its user the right to, " +
                "and see that the disk is not full."),
            raw.SQLITE_IOERR => (ErrorKind.Unavailable,
                $"The disk failed ({e.SqliteExtendedErrorCode}) under {file}; look at it, and whether it is full."),
            raw.SQLITE_TOOBIG => (ErrorKind.LimitExceeded, $"A value is too large for {file}."),
            _ => (ErrorKind.Unavailable, $"SQLite failed ({e.SqliteExtendedErrorCode}) at {file}: {e.Message}"),
        };
        return new PinfoldException(kind, message, e) { Shard = shard };
    }

    /// <summary>
    /// Whether a COMMIT that failed so may still stand. When the commit's last frame could not be written whole (full
    /// disk, write error) it cannot. When it was written and only not forced to disk, a restart may find it there.
    /// </summary>
    public static bool LeavesFateUnknown(SqliteException e) =>
        e.SqliteErrorCode == raw.SQLITE_IOERR && e.SqliteExtendedErrorCode is not raw.SQLITE_IOERR_WRITE;
}
