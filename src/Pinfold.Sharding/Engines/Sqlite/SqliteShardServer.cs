using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>
/// A folder with a file per shard, <c>pinfold00042.db</c>, which several processes may share. SQLite only knows
/// synchronous calls: reads are short and run on the caller's thread, commits wait for the disk and run on the pool's.
/// </summary>
sealed class SqliteShardServer : IShardServer
{
    /// <summary>
    /// How many files (with what belongs to them: three descriptors each) are open at once unless told.
    /// </summary>
    public const int OpenMaxDefault = 128;

    // The longest that a cancelled commit still waits for another process.
    static readonly TimeSpan BusySlice = TimeSpan.FromMilliseconds(100);

    readonly ConcurrentDictionary<ShardId, SemaphoreSlim> _writers = new();
    readonly SqliteCoordination _coordination;
    readonly SqliteCatalogDatabase _catalog;
    readonly SqliteFiles _files;
    readonly string _folder;
    readonly TimeSpan _timeout;

    /// <param name="name">Its name in the topology.</param>
    /// <param name="folder">Where the files are; made with the first shard.</param>
    /// <param name="timeout">The longest to wait for other writers, of this process and of others.</param>
    /// <param name="openMax">How many files may be open at once.</param>
    public SqliteShardServer(
        string name, string folder, TimeSpan timeout, int openMax = OpenMaxDefault)
    {
        Name = name;
        _folder = Path.GetFullPath(folder);
        _timeout = timeout;
        _files = new SqliteFiles(name, _folder, timeout, openMax);
        _coordination = new SqliteCoordination(_folder);
        Cursors = new SqliteCursors(this);
        Trim = new SqliteJournalTrim(this);
        FirstStart = new SqliteFirstStartMark(name, _folder);
        _catalog = new SqliteCatalogDatabase(_folder, timeout);
        Admin = new SqliteServerAdmin(this, _folder);
        Copies = new SqliteShardCopies(this);
    }

    public string Name { get; }

    public bool CommitsAcrossShards => false;

    public bool ReadsAreTrips => false;

    public ICoordination Coordination => _coordination;

    public ICursors Cursors { get; }

    public IJournalTrim Trim { get; }

    public IFirstStartMark FirstStart { get; }

    public ICatalogDatabase Catalog => _catalog;

    public IServerAdmin Admin { get; }

    public IShardCopies Copies { get; }

    public async ValueTask ReadAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation)
    {
        for (var first = 0; first < reads.Count;)
        {
            var end = first + 1;
            while (end < reads.Count && reads[end].Shard == reads[first].Shard)
                end++;
            cancellation.ThrowIfCancellationRequested();
            await ReadShardAsync(reads, first, end, cancellation);
            first = end;
        }
    }

    public async ValueTask<CommitReceipt[]> CommitAsync(
        IReadOnlyList<ShardCommit> commits, CancellationToken cancellation)
    {
        if (commits.Count != 1)
            throw new ArgumentException(
                $"{commits.Count} shards in one commit: each is a file of its own here.", nameof(commits));
        var commit = commits[0];
        var writer = _writers.GetOrAdd(commit.Shard, static _ => new SemaphoreSlim(1));
        if (!await writer.WaitAsync(_timeout, cancellation))
            throw new CommitFailedException(CommitFailure.Refused,
                $"Server {Name}: other writers kept shard {commit.Shard} busy for {_timeout.TotalSeconds} s. " +
                "Nothing was written.");
        try
        {
            return await Task.Run(() => CommitOneAsync(commit, cancellation).AsTask(), cancellation);
        }
        finally
        {
            writer.Release();
        }
    }

    public async ValueTask CreateShardAsync(ShardId shard, long epoch, CancellationToken cancellation)
    {
        try
        {
            await Task.Run(async () =>
            {
                if (!File.Exists(_files.PathOf(shard)))
                    MakeFile(shard, NewShard(shard, epoch));
                else
                    SqliteFile.FillIfEmpty(shard, _files.PathOf(shard), NewShard(shard, epoch), _timeout);
                await UseAsync(shard, static file => file.Shard, cancellation); // refuses what is no shard of ours
            }, cancellation);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Of(shard, _files.PathOf(shard), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PinfoldException(ErrorKind.Unavailable,
                $"Shard {shard} could not be made on server {Name}: {e.Message}", e)
            { Shard = shard };
        }
    }

    public ValueTask<IReadOnlyList<ShardId>> ListShardsAsync(CancellationToken cancellation) => new(_files.List());

    public ValueTask DisposeAsync()
    {
        _files.Dispose();
        _coordination.Dispose();
        _catalog.Dispose();
        return ValueTask.CompletedTask;
    }

    internal bool Has(ShardId shard) => File.Exists(_files.PathOf(shard));

    /// <summary>
    /// Of the file that every commit writes: the log, or, when nobody has the shard open, the shard's own, into which
    /// the log went.
    /// </summary>
    internal FileStamp StampOf(ShardId shard)
    {
        var path = _files.PathOf(shard);
        return FileStamp.Of(path + "-wal", TimeProvider.System) is { WrittenAt: var at } log && at != default
            ? log : FileStamp.Of(path, TimeProvider.System);
    }

    /// <summary>Uses the shard's file for what is no <see cref="ShardRead"/>, on the caller's thread.</summary>
    internal async ValueTask<T> UseAsync<T>(ShardId shard, Func<SqliteFile, T> use, CancellationToken cancellation)
    {
        SqliteFile? file = null;
        try
        {
            file = await _files.TakeAsync(shard, cancellation);
            var result = use(file);
            _files.GiveBack(file);
            return result;
        }
        catch (Exception e)
        {
            _files.GiveBack(file, e);
            if (e is SqliteException error)
                throw Explained(shard, error);
            throw;
        }
    }

    /// <summary>
    /// Writes what a power cut may take back (never a part of it), since it can be done again: not forced to disk.
    /// Waits its turn among this process's writers.
    /// </summary>
    internal ValueTask<T> WriteLooselyAsync<T>(
        ShardId shard, Func<SqliteFile, T> write, CancellationToken cancellation) =>
        WriteAsync(shard, write, isDurable: false, cancellation);

    /// <summary>Writes what is no commit, in one transaction that is on disk then.</summary>
    internal ValueTask<T> WriteDurablyAsync<T>(
        ShardId shard, Func<SqliteFile, T> write, CancellationToken cancellation) =>
        WriteAsync(shard, write, isDurable: true, cancellation);

    async ValueTask<T> WriteAsync<T>(
        ShardId shard, Func<SqliteFile, T> write, bool isDurable, CancellationToken cancellation)
    {
        var writer = _writers.GetOrAdd(shard, static _ => new SemaphoreSlim(1));
        if (!await writer.WaitAsync(_timeout, cancellation))
            throw new PinfoldException(ErrorKind.Unavailable,
                $"Other writers kept shard {shard} busy for {_timeout.TotalSeconds} s.")
            { Shard = shard };
        try
        {
            return await Task.Run(() => UseAsync(shard, file =>
            {
                if (!isDurable)
                    file.Execute("PRAGMA synchronous=NORMAL");
                BeginImmediate(file, cancellation);
                var result = write(file);
                file.Statement(SqliteSql.Commit).Run();
                if (!isDurable)
                    file.Execute(SqliteFile.Durable);
                return result;
            }, cancellation).AsTask(), cancellation);
        }
        finally
        {
            writer.Release();
        }
    }

    async ValueTask ReadShardAsync(IReadOnlyList<ShardRead> reads, int first, int end, CancellationToken cancellation)
    {
        var shard = reads[first].Shard;
        SqliteFile? file = null;
        try
        {
            file = await _files.TakeAsync(shard, cancellation);
            var isOneStatement = end - first == 1 && SqliteReads.Statements(reads[first]) == 1;
            if (!isOneStatement)
                file.Statement(SqliteSql.Begin).Run();
            for (var i = first; i < end; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                SqliteReads.Answer(file, reads[i]);
            }
            if (!isOneStatement)
                file.Statement(SqliteSql.Commit).Run();
            _files.GiveBack(file);
        }
        catch (Exception e)
        {
            _files.GiveBack(file, e);
            if (e is SqliteException error)
                throw Explained(shard, error);
            throw;
        }
    }

    async ValueTask<CommitReceipt[]> CommitOneAsync(ShardCommit commit, CancellationToken cancellation)
    {
        var (shard, path) = (commit.Shard, _files.PathOf(commit.Shard));
        if (!File.Exists(path))
        {
            // A connection that is still open would write to a file that nobody finds again.
            _files.Forget(shard);
            throw new CommitFailedException(CommitFailure.Fenced, SqliteErrors.Missing(shard, Name, path).Message);
        }
        SqliteFile file;
        try
        {
            file = await _files.TakeAsync(shard, cancellation);
        }
        catch (SqliteException e)
        {
            throw Refused(SqliteErrors.Of(shard, path, e));
        }
        catch (PinfoldException e)
        {
            throw Refused(e);
        }
        var isKept = false;
        var isCommitting = false;
        try
        {
            BeginImmediate(file, cancellation);
            var receipts = new SqliteCommit(file, commit).Run(cancellation);
            cancellation.ThrowIfCancellationRequested();
            isCommitting = true;
            file.Statement(SqliteSql.Commit).Run();
            isKept = true;
            return receipts;
        }
        catch (CommitFailedException e)
        {
            // A shard that refuses may have left; what comes back under its name is another file.
            isKept = file.TryRollBack() && e.Failure != CommitFailure.Fenced;
            if (!isKept)
                _files.Forget(shard);
            throw;
        }
        catch (SqliteException e)
        {
            isKept = file.Survives(e);
            throw isCommitting && SqliteErrors.LeavesFateUnknown(e)
                ? new CommitFailedException(
                    CommitFailure.Unknown, $"Server {Name}: {SqliteErrors.Of(shard, path, e).Message}", e)
                : Refused(SqliteErrors.Of(shard, path, e));
        }
        finally
        {
            if (isKept)
                _files.GiveBack(file);
            else
                _files.Drop(file);
        }
    }

    /// <summary>Waits for writers of other processes in slices, so that a cancelled commit ends soon.</summary>
    void BeginImmediate(SqliteFile file, CancellationToken cancellation)
    {
        var begin = file.Statement(SqliteSql.BeginImmediate);
        file.WaitWhenBusy(BusySlice < _timeout ? BusySlice : _timeout);
        for (var slicesLeft = (int)(_timeout / BusySlice); ; slicesLeft--)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                begin.Run();
                break;
            }
            catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_BUSY && slicesLeft > 1)
            {
            }
        }
        file.WaitWhenBusy(_timeout);
    }

    PinfoldException Explained(ShardId shard, SqliteException e)
    {
        var explained = SqliteErrors.Of(shard, _files.PathOf(shard), e);
        if (explained is MissingShardException)
            _files.Forget(shard);
        return explained;
    }

    CommitFailedException Refused(PinfoldException e) =>
        new(CommitFailure.Refused, $"Server {Name}: {e.Message} Nothing was written.", e);

    /// <summary>Makes the shard's file by these statements, unless it is there.</summary>
    internal void Build(ShardId shard, string sql)
    {
        if (!Has(shard))
            MakeFile(shard, sql);
    }

    /// <summary>Removes the shard's file; other processes that have it open are to have no use for it.</summary>
    internal void Remove(ShardId shard)
    {
        _files.Forget(shard);
        foreach (var suffix in new[] { "", "-journal", "-wal", "-shm" })
            File.Delete(_files.PathOf(shard) + suffix);
    }

    /// <summary>How large the shard's file is, with its log.</summary>
    internal long LengthOf(ShardId shard) => new[] { "", "-wal" }.Select(suffix => _files.PathOf(shard) + suffix)
        .Where(File.Exists).Sum(path => new FileInfo(path).Length);

    /// <summary>Builds the file under another name, so that under its own it is whole or not there.</summary>
    void MakeFile(ShardId shard, string sql)
    {
        Directory.CreateDirectory(_folder);
        var path = _files.PathOf(shard);
        var unfinished = $"{path}.{Guid.NewGuid():N}{SqliteFirstStartMark.UnfinishedExtension}";
        try
        {
            SqliteFile.Build(shard, unfinished, sql);
            File.Move(unfinished, path);
        }
        catch (Exception e) when (e is IOException or SqliteException && File.Exists(path))
        {
            // Another process was first, and may have swept this file: its shard is left as it is.
        }
        finally
        {
            foreach (var suffix in new[] { "", "-journal", "-wal", "-shm" })
                File.Delete(unfinished + suffix);
        }
    }

    static string NewShard(ShardId shard, long epoch) => SqliteSchema.Tables + SqliteSchema.InsertShard(shard, epoch);
}
