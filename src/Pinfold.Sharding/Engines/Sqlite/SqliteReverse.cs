namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>An entry of a reverse mapping, or its tombstone, written unless the pair's is as new.</summary>
static class SqliteReverse
{
    public static void Write(SqliteFile file, ReverseEntry reverse)
    {
        var (mapping, from) = (reverse.Mapping.Number, reverse.From.Value);
        var number = reverse.NumberBytes();
        var row = Pair(SqliteSql.FindPair);
        (bool IsThere, byte[] Number)? before = row.Next() ? (row.Int64(0) == 1, row.Bytes(1)) : null;
        row.Reset();
        if (before is { } known && known.Number.AsSpan().SequenceCompareTo(number) >= 0)
            return;
        Pair(before is null ? SqliteSql.InsertReverse : SqliteSql.ChangeReverse)
            .With(reverse.Place).With(number).With(reverse.IsThere ? 0 : ReverseEntry.Tombstone).Run();
        if (reverse.IsThere != (before?.IsThere ?? false))
            List(reverse.IsThere ? SqliteSql.AddToCount : SqliteSql.TakeFromCount).Run();
        if (!reverse.IsThere)
            List(SqliteSql.SweepTombstones).With(reverse.SweepBefore).With(ReverseEntry.SweptMax).Run();

        SqliteStatement List(SqliteSql sql) => file.Statement(sql).With(mapping).With(from);

        SqliteStatement Pair(SqliteSql sql) => List(sql).With(reverse.To.Value);
    }
}
