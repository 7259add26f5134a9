using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>The open files of a folder: at most so many, of which the longest unused makes room for another.</summary>
sealed class SqliteFiles(string server, string folder, TimeSpan busyTimeout, int openMax) : IDisposable
{
    const string NamePrefix = "pinfold", Extension = ".db";

    /// <summary>
    /// A connection that was not used for so long is asked whether its file is still the one of that name: a shard
    /// may have left, and come back, meanwhile. One that is in use hears of it by being refused.
    /// </summary>
    const long UnaskedMsMax = 1000;

    readonly Lock _gate = new();
    readonly List<SqliteFile> _idle = []; // in the order of their last use
    readonly SemaphoreSlim _room = new(openMax);
    int _open;
    bool _disposed;

    public string PathOf(ShardId shard) => Path.Combine(folder, NameOf(shard));

    /// <summary>What a shard's file is called: <c>pinfold00042.db</c>.</summary>
    public static string NameOf(ShardId shard) =>
        string.Create(CultureInfo.InvariantCulture, $"{NamePrefix}{shard.Value:D5}{Extension}");

    /// <summary>The shards whose file is there.</summary>
    public List<ShardId> List()
    {
        var shards = new List<ShardId>();
        if (!Directory.Exists(folder))
            return shards;
        foreach (var path in Directory.EnumerateFiles(folder, $"{NamePrefix}?????{Extension}"))
            if (ushort.TryParse(Path.GetFileNameWithoutExtension(path.AsSpan())[NamePrefix.Length..],
                NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                shards.Add(new ShardId(number));
        shards.Sort();
        return shards;
    }

    /// <summary>A connection to the shard's file, for the caller alone until it is given back or dropped.</summary>
    public async ValueTask<SqliteFile> TakeAsync(ShardId shard, CancellationToken cancellation)
    {
        if (!await _room.WaitAsync(busyTimeout, cancellation))
            throw new PinfoldException(ErrorKind.Unavailable,
                $"{openMax} files of shards are in use, shard {shard} has to wait; try again.")
            { Shard = shard };
        SqliteFile? file = null;
        try
        {
            return file = FindIdle(shard, out var toClose) ?? Open(shard, toClose);
        }
        finally
        {
            if (file is null)
                _room.Release();
        }
    }

    public void GiveBack(SqliteFile file)
    {
        bool isKept;
        lock (_gate)
        {
            isKept = !_disposed;
            if (isKept)
            {
                file.LastUsedMs = Environment.TickCount64;
                _idle.Add(file);
            }
        }
        if (isKept)
            _room.Release();
        else
            Drop(file);
    }

    /// <summary>Gives back a connection whose use failed, if it was taken and can be used again.</summary>
    public void GiveBack(SqliteFile? file, Exception failure)
    {
        if (file is null)
            return;
        if (file.Survives(failure))
            GiveBack(file);
        else
            Drop(file);
    }

    /// <summary>Closes a connection that is not to be used again.</summary>
    public void Drop(SqliteFile file)
    {
        file.Dispose();
        lock (_gate)
            _open--;
        _room.Release();
    }

    /// <summary>Closes the unused connections to a file that is no longer there, or is another one.</summary>
    public void Forget(ShardId shard)
    {
        List<SqliteFile> stale;
        lock (_gate)
        {
            stale = _idle.FindAll(f => f.Shard == shard);
            _idle.RemoveAll(f => f.Shard == shard);
            _open -= stale.Count;
        }
        stale.ForEach(f => f.Dispose());
    }

    /// <summary>Closes what is unused; what is in use is closed when it is given back.</summary>
    public void Dispose()
    {
        List<SqliteFile> idle;
        lock (_gate)
        {
            _disposed = true;
            idle = [.. _idle];
            _idle.Clear();
        }
        idle.ForEach(f => f.Dispose());
    }

    /// <summary>Else leaves room for one to be opened, for which another may have to be closed.</summary>
    SqliteFile? FindIdle(ShardId shard, out SqliteFile? toClose)
    {
        toClose = null;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            for (var i = _idle.Count - 1; i >= 0; i--)
                if (_idle[i].Shard == shard)
                {
                    var file = _idle[i];
                    _idle.RemoveAt(i);
                    if (Environment.TickCount64 - file.LastUsedMs <= UnaskedMsMax
                        || file.MadeAt == File.GetCreationTimeUtc(PathOf(shard)))
                        return file;
                    _open--;
                    file.Dispose();
                }
            if (_open == openMax)
            {
                toClose = _idle[0];
                _idle.RemoveAt(0);
                _open--;
            }
            _open++;
            return null;
        }
    }

    SqliteFile Open(ShardId shard, SqliteFile? toClose)
    {
        SqliteFile? file = null;
        try
        {
            toClose?.Dispose();
            var madeAt = File.GetCreationTimeUtc(PathOf(shard));
            file = SqliteFile.Open(shard, PathOf(shard), busyTimeout);
            file.MadeAt = madeAt;
            return file;
        }
        catch (SqliteException) when (!File.Exists(PathOf(shard)))
        {
            throw SqliteErrors.Missing(shard, server, PathOf(shard));
        }
        finally
        {
            if (file is null)
                lock (_gate)
                    _open--;
        }
    }
}
