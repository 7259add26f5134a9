using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Pinfold.Sharding;

/// <summary>Which part of a list to read: from which end, after which cursor, how much.</summary>
/// <remarks>
/// A page is found by keyset, so the thousandth costs what the first does, and concurrent changes shift nothing.
/// </remarks>
public sealed record PageRequest
{
    /// <summary>The most entries one page may ask for.</summary>
    public const int LimitMax = 10_000;

    /// <summary>Asks for up to <paramref name="limit"/> entries, 1 to 10,000.</summary>
    public PageRequest(int limit) => Limit = limit is >= 1 and <= LimitMax
        ? limit
        : throw PinfoldException.Invalid($"A page of {limit} entries was asked for; 1 to {LimitMax} is right.");

    /// <summary>How many entries at most.</summary>
    public int Limit { get; }

    /// <summary>True, the default, for descending sequence; false for ascending.</summary>
    public bool NewestFirst { get; init; } = true;

    /// <summary>The <see cref="Page{T}.Next"/> of the page before, or null for the first page.</summary>
    public string? Cursor { get; init; }

    /// <summary>Only entries with at least this sequence; null for no bound.</summary>
    public long? SequenceMin { get; init; }

    /// <summary>Only entries with at most this sequence; null for no bound.</summary>
    public long? SequenceMax { get; init; }

    internal PagePosition? PositionIn(Mapping mapping, ObjectId from) =>
        Cursor is null ? null : PagePosition.Parse(Cursor, mapping, from, NewestFirst);
}

/// <summary>A part of a list and the way to the next part.</summary>
/// <param name="Items">In the order asked for.</param>
/// <param name="Next">The cursor of the next page, opaque and URL-safe; null when this was the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>The last entry of a page, and of which list: a cursor of another list is refused.</summary>
readonly record struct PagePosition(long Sequence, ObjectId To)
{
    const int Length = 27;

    public string Format(Mapping mapping, ObjectId from, bool newestFirst)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)mapping.Number);
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], from.Value);
        bytes[10] = newestFirst ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64BigEndian(bytes[11..], Sequence);
        BinaryPrimitives.WriteInt64BigEndian(bytes[19..], To.Value);
        return Base64Url.EncodeToString(bytes);
    }

    public static PagePosition Parse(string cursor, Mapping mapping, ObjectId from, bool newestFirst)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (cursor.Length != Base64Url.GetEncodedLength(Length)
            || Base64Url.DecodeFromChars(cursor, bytes, out _, out var written) != OperationStatus.Done
                || written != Length
            || !ObjectId.TryFromInt64(BinaryPrimitives.ReadInt64BigEndian(bytes[19..]), out var to))
            throw PinfoldException.Invalid("This is not a cursor; use the one that the page before gave, unchanged.");
        if (BinaryPrimitives.ReadInt16BigEndian(bytes) != mapping.Number
            || BinaryPrimitives.ReadInt64BigEndian(bytes[2..]) != from.Value
            || bytes[10] != (newestFirst ? 1 : 0))
            throw PinfoldException.Invalid(
                "This cursor belongs to another list; use the one that this list's page before gave.");
        return new PagePosition(BinaryPrimitives.ReadInt64BigEndian(bytes[11..]), to);
    }
}
