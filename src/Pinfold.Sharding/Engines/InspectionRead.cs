namespace Pinfold.Sharding.Engines;

/// <summary>A question about what is stored, whatever it means: for whoever verifies it, or shows it.</summary>
abstract class InspectionRead(ShardId shard) : ShardRead(shard);

/// <summary>
/// Rows of a table as they are, those too that no other read meets (counts, tombstones, deleted objects): some behind
/// a key, in the order of their keys, or those of given keys.
/// </summary>
sealed class RowsRead : InspectionRead
{
    RowsRead(ShardId shard, ShardTable table, bool withLast) : base(shard) =>
        (Table, Columns) = (table, withLast ? table.Columns : [.. table.Columns.SkipLast(1)]);

    public ShardTable Table { get; }

    /// <summary>What each row has.</summary>
    public IReadOnlyList<ShardColumn> Columns { get; }

    /// <summary>Null for no bound, or where keys are given.</summary>
    public RowKey? After { get; private init; }

    public int Limit { get; private init; } = int.MaxValue;

    /// <summary>Null where rows behind a key are asked for.</summary>
    public IReadOnlyList<RowKey>? Keys { get; private init; }

    public List<Cell[]> Rows { get; } = [];

    /// <param name="shard">The shard.</param>
    /// <param name="table">The table.</param>
    /// <param name="after">The key of the row before; null to begin.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="withLast">Whether they have their last column, the one of bytes of any length.</param>
    public static RowsRead Behind(ShardId shard, ShardTable table, RowKey? after, int limit, bool withLast) =>
        new(shard, table, withLast) { After = after, Limit = limit };

    /// <summary>Reads that find these keys: each as many as one statement takes.</summary>
    /// <inheritdoc cref="Behind"/>
    public static IEnumerable<RowsRead> Of(ShardId shard, ShardTable table, IEnumerable<RowKey> keys, bool withLast) =>
        keys.Chunk(RowSql.KeysMax).Select(part => new RowsRead(shard, table, withLast) { Keys = part });

    public override void Forget() => Rows.Clear();
}

/// <summary>What a list's count says and how many entries it has, at one moment.</summary>
sealed class ListCountRead(ShardId shard, ListKey list) : InspectionRead(shard)
{
    public ListKey List { get; } = list;

    /// <summary>0 where nothing counts it.</summary>
    public long Counted { get; set; }

    public long Entries { get; set; }

    public override void Forget() => (Counted, Entries) = (0, 0);
}

/// <summary>Transaction ids that stand in the journal more than once, and where first.</summary>
sealed class RepeatedTransactionsRead(ShardId shard) : InspectionRead(shard)
{
    public const int RowsMax = 100;

    public List<(TransactionId Id, long FirstSeq, long Times)> Rows { get; } = [];

    public override void Forget() => Rows.Clear();
}

/// <summary>A shard's tables, columns and indexes, a line for each, and those that the program makes.</summary>
sealed class SchemaRead(ShardId shard) : InspectionRead(shard)
{
    public SortedSet<string> Found { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Expected { get; } = new(StringComparer.Ordinal);

    public override void Forget()
    {
        Found.Clear();
        Expected.Clear();
    }
}
