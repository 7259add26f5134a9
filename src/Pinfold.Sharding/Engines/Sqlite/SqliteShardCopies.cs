using System.Text;
using Microsoft.Data.Sqlite;

namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>Shards that come to a folder, and go from it.</summary>
/// <remarks>
/// What has left keeps its file; its tables have other names, so that readers with an old map are refused and look
/// again, those too that have the file open.
/// </remarks>
sealed class SqliteShardCopies(SqliteShardServer server) : IShardCopies
{
    const string LeftPrefix = "left_";

    public async ValueTask<IReadOnlyList<ShardMark>> ListMarksAsync(CancellationToken cancellation)
    {
        var marks = new List<ShardMark>();
        foreach (var shard in await server.ListShardsAsync(cancellation))
            if (await FindMarkAsync(shard, cancellation) is { } mark)
                marks.Add(mark);
        return marks;
    }

    public async ValueTask<ShardMark?> TakeAsync(ShardId shard, MarkHolder by, CancellationToken cancellation)
    {
        if (!server.Has(shard))
            return null;
        await WriteAsync(shard, file => SqliteMarks.Take(file, by), cancellation);
        return await FindMarkAsync(shard, cancellation);
    }

    public async ValueTask<IReadOnlyList<ShardSize>> MeasureAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        var sizes = new List<ShardSize>();
        foreach (var shard in shards.Where(server.Has))
            sizes.Add(new ShardSize(shard, await server.UseAsync(shard, file => ShardTable.All.Sum(table =>
            {
                using var count = file.Prepare($"SELECT COUNT(*) FROM {table.Name}");
                count.Next();
                return count.Int64(0);
            }), cancellation), server.LengthOf(shard)));
        return sizes;
    }

    public async ValueTask MakeAsync(ShardId shard, long epoch, MarkHolder by, CancellationToken cancellation)
    {
        try
        {
            server.Build(shard, SqliteSchema.Tables + SqliteSchema.InsertShard(shard, epoch, ShardState.Closed)
                + SqliteMarks.Table + SqliteMarks.Write(ShardMarkRole.Arriving, epoch, by));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new PinfoldException(ErrorKind.Unavailable,
                $"Shard {shard} could not be made on server {server.Name}: {e.Message}", e)
            { Shard = shard };
        }
        await MarkAsync(shard, ShardMarkRole.Arriving, epoch, by, makes: false, cancellation);
    }

    public async ValueTask MarkLeavingAsync(
        ShardId shard, long epoch, MarkHolder by, CancellationToken cancellation)
    {
        var there = server.Has(shard) ? await server.UseAsync(shard, ReadRow, cancellation) : null;
        if (there?.Epoch != epoch)
            throw MarkErrors.OtherEpoch(shard, server.Name, epoch, there?.Epoch);
        await MarkAsync(shard, ShardMarkRole.Leaving, epoch, by, makes: true, cancellation);
    }

    public async ValueTask ReviveAsync(ShardId shard, long epoch, MarkHolder by, CancellationToken cancellation)
    {
        if (!server.Has(shard))
            throw MarkErrors.OtherEpoch(shard, server.Name, epoch, null);
        await WriteAsync(shard, file =>
        {
            var mark = SqliteMarks.Find(file);
            if (mark is not { Role: ShardMarkRole.Left }
                && (mark is not { Role: ShardMarkRole.Arriving } its || its.By.Operation != by.Operation))
                throw MarkErrors.There(shard, server.Name, mark is { } there ? (there.Role, there.By.Operation) : null);
            file.Execute(SqliteMarks.Write(ShardMarkRole.Arriving, epoch, by)
                + $"UPDATE shard SET state=0,epoch={epoch}");
            Rename(file, LeftPrefix, "");
        }, cancellation);
    }

    public ValueTask<IReadOnlyList<Cell[]>> ReadAsync(
        ShardId shard, ShardTable table, RowRange range, int limit, CancellationToken cancellation) =>
        server.UseAsync(shard, file => Read(file, table, From(table)
            + RowSql.Where(table, range, comparesRows: true) + $" ORDER BY {RowSql.KeyList(table)} LIMIT {limit}"),
            cancellation);

    public ValueTask<IReadOnlyList<Cell[]>> FindAsync(
        ShardId shard, ShardTable table, IReadOnlyList<RowKey> keys, CancellationToken cancellation) =>
        server.UseAsync<IReadOnlyList<Cell[]>>(shard, file => [.. keys.Chunk(RowSql.KeysMax)
            .SelectMany(part => Read(file, table, table.Name + RowSql.Where(table, part)))], cancellation);

    public ValueTask<IReadOnlyList<Cell[]>> ReadTombstonesAsync(
        ShardId shard, IReadOnlyList<ListKey> lists, CancellationToken cancellation) =>
        server.UseAsync<IReadOnlyList<Cell[]>>(shard, file => [.. lists.Chunk(RowSql.KeysMax).SelectMany(part =>
            Read(file, ShardTable.Entries, ShardTable.Entries.Name + RowSql.WhereTombstones(part)))], cancellation);

    public ValueTask<RowKey?> FindEndAsync(
        ShardId shard, ShardTable table, RowKey? after, int rows, CancellationToken cancellation) =>
        server.UseAsync<RowKey?>(shard, file => Read(file, table, From(table)
            + RowSql.Where(table, new RowRange(after, null), comparesRows: true)
            + $" ORDER BY {RowSql.KeyList(table)} LIMIT 1 OFFSET {rows - 1}") is [var row]
            ? RowKey.Of(table, row) : null, cancellation);

    /// <summary>SQLite runs within this process, so the server that reckons is this process.</summary>
    public ValueTask<RowSum> SumAsync(
        ShardId shard, ShardTable table, RowRange range, CancellationToken cancellation) =>
        server.UseAsync(shard, file =>
        {
            var sum = new RowSum();
            using var rows = file.Prepare(
                $"SELECT {table.ColumnList} FROM {From(table)}{RowSql.Where(table, range, comparesRows: true)}");
            while (rows.Next())
                sum = sum.With(Row(rows, table));
            return sum;
        }, cancellation);

    public async ValueTask WriteAsync(
        ShardId shard, IReadOnlyList<TableChange> changes, long? lastSeq, MarkHolder by,
        CancellationToken cancellation) => await WriteAsync(shard, file =>
        {
            SqliteMarks.Refuse(file, server.Name, by, ShardMarkRole.Arriving);
            foreach (var change in changes)
                Change(file, change);
            if (lastSeq is { } seq)
                file.Execute($"UPDATE shard SET last_seq={seq}");
        }, cancellation);

    public ValueTask<ShardRow> CloseAsync(ShardId shard, MarkHolder by, CancellationToken cancellation) =>
        server.WriteDurablyAsync(shard, file =>
        {
            SqliteMarks.Refuse(file, server.Name, by, ShardMarkRole.Leaving);
            file.Execute("UPDATE shard SET state=0");
            return ReadRow(file)!;
        }, cancellation);

    public async ValueTask ReopenAsync(
        ShardId shard, bool keepsMark, MarkHolder by, CancellationToken cancellation) =>
        await WriteAsync(shard, file =>
        {
            if (SqliteMarks.Find(file) is null)
                return;
            SqliteMarks.Refuse(file, server.Name, by, ShardMarkRole.Leaving);
            file.Execute("UPDATE shard SET state=1");
            if (!keepsMark)
                SqliteMarks.Remove(file);
        }, cancellation);

    public ValueTask<FollowerState> FreezeFollowersAsync(
        ShardId shard, MarkHolder by, CancellationToken cancellation) => server.WriteDurablyAsync(shard, file =>
        {
            SqliteMarks.Refuse(file, server.Name, by, ShardMarkRole.Leaving);
            file.Execute($"UPDATE cursors SET claim=x'{Convert.ToHexString(Guid.NewGuid().ToByteArray())}'");
            var cursors = new List<CursorRow>();
            using var rows = file.Prepare("SELECT follower,seq FROM cursors");
            while (rows.Next())
                cursors.Add(new CursorRow(shard, rows.Text(0), rows.Int64(1)));
            var parked = new List<ParkedRow>();
            using var entries = file.Prepare("SELECT follower,seq,attempts,parked_at,next_at,reason FROM parked");
            while (entries.Next())
                parked.Add(new ParkedRow(shard, entries.Text(0), entries.Int64(1), (int)entries.Int64(2),
                    entries.Int64(3), entries.Int64(4), entries.Text(5)));
            return new FollowerState(cursors, parked);
        }, cancellation);

    public async ValueTask OpenAsync(
        ShardId shard, ShardRow closed, FollowerState followers, long epoch, MarkHolder by,
        CancellationToken cancellation) => await WriteAsync(shard, file =>
        {
            var there = ReadRow(file);
            if (SqliteMarks.Find(file) is null)
            {
                if (there is not { State: ShardState.Open } || there.Epoch != epoch)
                    throw MarkErrors.OtherEpoch(shard, server.Name, epoch, there?.Epoch);
                return;
            }
            SqliteMarks.Refuse(file, server.Name, by, ShardMarkRole.Arriving);
            if (there!.LastSeq != closed.LastSeq)
                throw MarkErrors.NotWhole(shard, server.Name, closed.LastSeq, there.LastSeq);
            InsertFollowers(file, followers);
            file.Execute($"UPDATE shard SET state=1,epoch={epoch},last_local_id={closed.LastLocalId}");
            SqliteMarks.Remove(file);
        }, cancellation);

    public async ValueTask LeaveAsync(ShardId shard, MarkHolder by, CancellationToken cancellation) =>
        await WriteAsync(shard, file =>
        {
            SqliteMarks.Refuse(
                file, server.Name, by, ShardMarkRole.Leaving, ShardMarkRole.Arriving, ShardMarkRole.Left);
            file.Execute(SqliteMarks.Write(ShardMarkRole.Left, ReadRow(file)!.Epoch, by)
                + "UPDATE shard SET state=0;DELETE FROM cursors;DELETE FROM parked");
            Rename(file, "", LeftPrefix);
        }, cancellation);

    public async ValueTask DropAsync(ShardId shard, MarkHolder by, CancellationToken cancellation)
    {
        if (!server.Has(shard))
            return;
        await WriteAsync(shard, file =>
        {
            var mark = SqliteMarks.Find(file);
            if (mark is not { Role: ShardMarkRole.Left }
                && (mark is not { Role: ShardMarkRole.Arriving } its || its.By.Operation != by.Operation))
                throw MarkErrors.There(shard, server.Name, mark is { } there ? (there.Role, there.By.Operation) : null);
            // Nobody revives what is about to go.
            file.Execute(SqliteMarks.Write(ShardMarkRole.Arriving, 0, by));
        }, cancellation);
        server.Remove(shard);
    }

    async ValueTask WriteAsync(ShardId shard, Action<SqliteFile> write, CancellationToken cancellation) =>
        await server.WriteDurablyAsync(shard, file =>
        {
            write(file);
            return 0;
        }, cancellation);

    async ValueTask<ShardMark?> FindMarkAsync(ShardId shard, CancellationToken cancellation) =>
        await server.UseAsync(shard, file => SqliteMarks.Find(file) is { } mark
            ? new ShardMark(shard, mark.Role, mark.By.Operation, mark.Epoch, ReadRow(file)?.LastSeq ?? 0) : null,
            cancellation);

    ValueTask MarkAsync(
        ShardId shard, ShardMarkRole role, long epoch, MarkHolder by, bool makes, CancellationToken cancellation) =>
        WriteAsync(shard, file =>
        {
            var mark = SqliteMarks.Find(file);
            if (mark is { } there
                ? there.Role != role || there.By.Operation != by.Operation || there.Epoch != epoch : !makes)
                throw MarkErrors.There(
                    shard, server.Name, mark is { } its ? (its.Role, its.By.Operation) : null);
            file.Execute(SqliteMarks.Table + SqliteMarks.Write(role, epoch, by));
        }, cancellation);

    static void Change(SqliteFile file, TableChange change)
    {
        var name = change.Table.Name;
        if (change.Range is { } range)
            file.Execute($"DELETE FROM {name}{RowSql.Where(change.Table, range, comparesRows: true)}");
        foreach (var keys in change.Keys.Chunk(RowSql.KeysMax))
            file.Execute($"DELETE FROM {name}{RowSql.Where(change.Table, keys)}");
        foreach (var lists in change.TombstonesOf.Chunk(RowSql.KeysMax))
            file.Execute($"DELETE FROM {name}{RowSql.WhereTombstones(lists)}");
        if (change.Rows.Count == 0)
            return;
        var places = string.Join(',', change.Table.Columns.Select(
            (column, i) => column.Name == "n" ? $"NULLIF(?{i + 1},x'')" : $"?{i + 1}"));
        using var insert = file.Prepare($"INSERT INTO {name}({change.Table.ColumnList})VALUES({places})");
        foreach (var row in change.Rows)
        {
            foreach (var cell in row)
                _ = cell.IsNull ? insert.With([]) : cell.Bytes is { } bytes ? insert.With(bytes)
                    : insert.With(cell.Number);
            insert.Run();
        }
    }

    static void InsertFollowers(SqliteFile file, FollowerState followers)
    {
        file.Execute("DELETE FROM cursors;DELETE FROM parked");
        using var cursor = file.Prepare(
            "INSERT INTO cursors(follower,seq,claim)VALUES(CAST(?1 AS TEXT),?2,zeroblob(16))");
        foreach (var (_, follower, seq) in followers.Cursors)
            cursor.With(Encoding.UTF8.GetBytes(follower)).With(seq).Run();
        using var parked = file.Prepare("INSERT INTO parked(follower,seq,attempts,parked_at,next_at,reason)"
            + "VALUES(CAST(?1 AS TEXT),?2,?3,?4,?5,CAST(?6 AS TEXT))");
        foreach (var row in followers.Parked)
            parked.With(Encoding.UTF8.GetBytes(row.Follower)).With(row.Seq).With(row.Attempts).With(row.ParkedAtMs)
                .With(row.NextAtMs).With(Encoding.UTF8.GetBytes(row.Reason)).Run();
    }

    static void Rename(SqliteFile file, string from, string to)
    {
        foreach (var table in ShardTable.All)
        {
            using var there = file.Prepare($"SELECT COUNT(*) FROM sqlite_schema WHERE name='{from}{table.Name}'");
            there.Next();
            var isThere = there.Int64(0) > 0;
            there.Reset();
            if (isThere)
                file.Execute($"ALTER TABLE {from}{table.Name} RENAME TO {to}{table.Name}");
        }
    }

    static ShardRow? ReadRow(SqliteFile file)
    {
        using var row = file.Prepare("SELECT epoch,state,last_seq,last_local_id FROM shard");
        var found = row.Next()
            ? new ShardRow(row.Int64(0), (ShardState)row.Int64(1), row.Int64(2), row.Int64(3)) : null;
        row.Reset();
        return found;
    }

    static IReadOnlyList<Cell[]> Read(SqliteFile file, ShardTable table, string from)
    {
        using var rows = file.Prepare($"SELECT {table.ColumnList} FROM {from}");
        var read = new List<Cell[]>();
        while (rows.Next())
            read.Add(Row(rows, table));
        return read;
    }

    static Cell[] Row(SqliteStatement rows, ShardTable table)
    {
        var row = new Cell[table.Columns.Count];
        for (var i = 0; i < row.Length; i++)
            row[i] = rows.IsNull(i) ? Cell.Null
                : table.Columns[i].IsBytes ? new Cell(0, rows.Bytes(i)) : new Cell(rows.Int64(i));
        return row;
    }

    static string From(ShardTable table) =>
        table == ShardTable.Entries ? "entries INDEXED BY entries_pair" : table.Name;
}
