using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Pinfold.Sharding;

/// <summary>
/// The address of an object in 64 bits, high to low: 2 reserved (zero), 16 shard, 10 type, 36 local. No lookup finds
/// an object: its id says which shard holds it, and an object never leaves its shard.
/// </summary>
/// <remarks>As text and in JSON an id is a decimal string, since JavaScript's numbers hold only 53 bits.</remarks>
[JsonConverter(typeof(ObjectIdJsonConverter))]
public readonly record struct ObjectId : IComparable<ObjectId>, ISpanFormattable, ISpanParsable<ObjectId>
{
    internal const int LocalBits = 36;
    internal const int TypeBits = 10;

    /// <summary>The largest local id a shard can hand out for all types together: 2^36 - 1.</summary>
    public const long LocalMax = (1L << LocalBits) - 1;

    /// <summary>The largest number of an object type: 1023. Zero is no type.</summary>
    public const int TypeMax = (1 << TypeBits) - 1;

    ObjectId(long value) => Value = value;

    /// <summary>Composes an id.</summary>
    /// <exception cref="PinfoldException">Invalid: type not in 1..1023, or local not in 1..2^36-1.</exception>
    public ObjectId(ShardId shard, int type, long local)
    {
        if (type is < 1 or > TypeMax)
            throw PinfoldException.Invalid($"{type} is not an object type: a type is a number from 1 to {TypeMax}.");
        if (local is < 1 or > LocalMax)
            throw PinfoldException.Invalid($"{local} is not a local id: a local id is a number from 1 to {LocalMax}.");
        Value = Base(shard, type) | local;
    }

    /// <summary>The id as a positive 64-bit number; 0 for <c>default</c>, which is the address of nothing.</summary>
    public long Value { get; }

    /// <summary>Where the object lives, for ever.</summary>
    public ShardId Shard => new((int)(Value >> (LocalBits + TypeBits)) & ushort.MaxValue);

    /// <summary>The number of its <see cref="ObjectType"/>.</summary>
    public int Type => (int)(Value >> LocalBits) & TypeMax;

    /// <summary>Its number within the shard.</summary>
    public long Local => Value & LocalMax;

    /// <summary>True for <c>default</c>.</summary>
    public bool IsNone => Value == 0;

    /// <summary>Reads a 64-bit number as an id.</summary>
    /// <exception cref="PinfoldException">Invalid: the reserved bits are set, or type or local is zero.</exception>
    public static ObjectId FromInt64(long value) => TryFromInt64(value, out var id)
        ? id
        : throw PinfoldException.Invalid(
            $"{value} is not an id: its reserved bits, type or local part are not those of an id.");

    /// <summary>Reads a 64-bit number as an id; false when it cannot be one.</summary>
    public static bool TryFromInt64(long value, out ObjectId id)
    {
        id = new ObjectId(value);
        if (value > 0 && value >> 62 == 0 && id.Type != 0 && id.Local != 0)
            return true;
        id = default;
        return false;
    }

    internal static long Base(ShardId shard, int type) =>
        ((long)shard.Value << (LocalBits + TypeBits)) | ((long)type << LocalBits);

    /// <inheritdoc/>
    public int CompareTo(ObjectId other) => Value.CompareTo(other.Value);

    /// <summary>Reads decimal digits, nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, IFormatProvider? provider, out ObjectId result)
    {
        result = default;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && TryFromInt64(value, out result);
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out ObjectId)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, out ObjectId result) =>
        TryParse(text.AsSpan(), provider, out result);

    /// <inheritdoc cref="Parse(string)"/>
    public static ObjectId Parse(ReadOnlySpan<char> text, IFormatProvider? provider) =>
        TryParse(text, provider, out var id) ? id : throw NotAnId(text);

    /// <inheritdoc cref="Parse(string)"/>
    public static ObjectId Parse(string text, IFormatProvider? provider) => Parse(text.AsSpan(), provider);

    /// <summary>Reads decimal digits.</summary>
    /// <exception cref="PinfoldException">Invalid: not the digits of an id.</exception>
    public static ObjectId Parse(string text) => Parse(text.AsSpan(), null);

    internal static PinfoldException NotAnId(ReadOnlySpan<char> text) => PinfoldException.Invalid(
        $"\"{(text.Length > 40 ? string.Concat(text[..40], "…") : text)}\" is not an id: an id is a number such as " +
            "241294492511762325.");

    /// <inheritdoc/>
    public bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Value.TryFormat(destination, out charsWritten, default, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
