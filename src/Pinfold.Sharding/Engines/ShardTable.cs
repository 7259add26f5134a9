using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pinfold.Sharding.Engines;

/// <summary>
/// A table of a shard as whoever copies a shard sees it: rows under a key that never changes, the same on every engine.
/// </summary>
/// <remarks>
/// An entry's key is its pair, though it is stored in the order of its list: its sequence may change, and a row whose
/// key changes while a table is read in the order of that key would be read twice, or not at all.
/// </remarks>
sealed class ShardTable
{
    public static readonly ShardTable Objects = new("objects", "PRIMARY", 2,
        [new("type"), new("local_id"), new("version"), new("seq"), new("state"), new("body", IsBytes: true)]);

    public static readonly ShardTable Entries = new("entries", "pair", 3,
        [new("mapping"), new("from_id"), new("to_id"), new("sequence"), new("n"), new("body", IsBytes: true)]);

    public static readonly ShardTable Names = new("names", "PRIMARY", 2,
        [new("kind"), new("name", IsBytes: true), new("owner_id"), new("owner_shard"), new("owner_tx", IsBytes: true),
            new("at")]);

    public static readonly ShardTable Journal = new("journal", "PRIMARY", 1,
        [new("seq"), new("tx", IsBytes: true), new("at"), new("local_base"), new("entries", IsBytes: true)]);

    /// <summary>All of them, the journal first.</summary>
    public static readonly IReadOnlyList<ShardTable> All = [Journal, Objects, Entries, Names];

    ShardTable(string name, string index, int keys, IReadOnlyList<ShardColumn> columns) =>
        (Name, Index, Keys, Columns) = (name, index, keys, columns);

    public string Name { get; }

    /// <summary>What MySQL calls the index of the key.</summary>
    public string Index { get; }

    /// <summary>How many of the columns, from the first, are the key.</summary>
    public int Keys { get; }

    /// <summary>In the order in which rows are read and written; bytes of any length are last.</summary>
    public IReadOnlyList<ShardColumn> Columns { get; }

    public string ColumnList => string.Join(',', Columns.Select(c => c.Name));

    public static ShardTable Named(string name) => All.First(table => table.Name == name);

    public override string ToString() => Name;
}

/// <summary>A column, of whole numbers unless it is of bytes.</summary>
sealed record ShardColumn(string Name, bool IsBytes = false);

/// <summary>A value of a row: a number, bytes, or neither.</summary>
readonly record struct Cell(long Number, byte[]? Bytes = null, bool IsNull = false)
{
    public static Cell Null => new(0, null, IsNull: true);

    public int Size => sizeof(long) + (Bytes?.Length ?? 0);

    public bool Same(Cell other) => Number == other.Number && IsNull == other.IsNull
        && (Bytes is null) == (other.Bytes is null) && Bytes.AsSpan().SequenceEqual(other.Bytes);

    /// <summary>As it stands in a key: a number, or hexadecimal digits.</summary>
    public string Text => Bytes is not null ? Convert.ToHexString(Bytes)
        : IsNull ? "-" : Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The key of a row as text, <c>2,4711</c>, which a ledger keeps and people read.</summary>
readonly record struct RowKey(string Text)
{
    public static RowKey Of(ShardTable table, IReadOnlyList<Cell> row) =>
        new(string.Join(',', row.Take(table.Keys).Select(cell => cell.Text)));

    public static RowKey Of(params ReadOnlySpan<long> numbers) => new(string.Join(',', numbers.ToArray()));

    public Cell[] Cells(ShardTable table)
    {
        var parts = Text.Split(',');
        var cells = new Cell[table.Keys];
        for (var i = 0; i < cells.Length; i++)
            cells[i] = table.Columns[i].IsBytes ? new Cell(0, Convert.FromHexString(parts[i]))
                : new Cell(long.Parse(parts[i], CultureInfo.InvariantCulture));
        return cells;
    }

    public override string ToString() => Text;
}

/// <summary>The rows behind one key, up to another, itself included; null for no bound.</summary>
readonly record struct RowRange(RowKey? After, RowKey? UpTo);

/// <summary>
/// A checksum of rows, whatever their order: how many, and the exclusive or of the first 128 bits of each one's
/// SHA-256. A row's text is its values with commas between them.
/// </summary>
readonly record struct RowSum(long Rows, ulong High, ulong Low)
{
    /// <summary>With one more row. Servers reckon the same in SQL.</summary>
    public RowSum With(IReadOnlyList<Cell> row)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        using var text = new MemoryStream();
        for (var i = 0; i < row.Count; i++)
        {
            if (i > 0)
                text.WriteByte((byte)',');
            // The last one may be of any bytes, and needs no end.
            text.Write(i == row.Count - 1 && row[i].Bytes is { } bytes ? bytes : Encoding.ASCII.GetBytes(row[i].Text));
        }
        SHA256.HashData(text.GetBuffer().AsSpan(0, (int)text.Length), hash);
        return new RowSum(Rows + 1, High ^ BinaryPrimitives.ReadUInt64BigEndian(hash),
            Low ^ BinaryPrimitives.ReadUInt64BigEndian(hash[sizeof(ulong)..]));
    }
}
