using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Pinfold.Sharding;

/// <summary>
/// The id of a <typeparamref name="T"/>: an id of another type does not compile, or is refused when read.
/// </summary>
[JsonConverter(typeof(TypedObjectIdJsonConverterFactory))]
public readonly record struct ObjectId<T> : IComparable<ObjectId<T>>, ISpanFormattable, ISpanParsable<ObjectId<T>>
    where T : class
{
    internal ObjectId(ObjectId untyped) => Untyped = untyped;

    /// <summary>The same id without its type.</summary>
    public ObjectId Untyped { get; }

    /// <summary>The id as a positive 64-bit number; 0 for <c>default</c>.</summary>
    public long Value => Untyped.Value;

    /// <summary>Where the object lives, for ever.</summary>
    public ShardId Shard => Untyped.Shard;

    /// <summary>Its number within the shard.</summary>
    public long Local => Untyped.Local;

    /// <summary>True for <c>default</c>, which is the address of nothing.</summary>
    public bool IsNone => Untyped.IsNone;

    /// <summary>Forgets the type.</summary>
    public static implicit operator ObjectId(ObjectId<T> id) => id.Untyped;

    /// <summary>Refers to it, whatever its type.</summary>
    public static implicit operator ObjectRefUntyped(ObjectId<T> id) => id.Untyped;

    /// <summary>Reads decimal digits.</summary>
    /// <exception cref="PinfoldException">Invalid: no id, or the id of an object of another type.</exception>
    public static ObjectId<T> Parse(string text) => Parse(text.AsSpan(), null);

    /// <inheritdoc cref="Parse(string)"/>
    public static ObjectId<T> Parse(ReadOnlySpan<char> text, IFormatProvider? provider) =>
        Of(ObjectId.Parse(text, provider));

    /// <inheritdoc cref="Parse(string)"/>
    public static ObjectId<T> Parse(string text, IFormatProvider? provider) => Parse(text.AsSpan(), provider);

    /// <summary>Reads decimal digits; false for no id and for an id of another type.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, IFormatProvider? provider, out ObjectId<T> result)
    {
        var right = ObjectId.TryParse(text, provider, out var id) && id.Type == TypeNumber<T>.Value;
        result = right ? new ObjectId<T>(id) : default;
        return right;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out ObjectId{T})"/>
    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, out ObjectId<T> result) =>
        TryParse(text.AsSpan(), provider, out result);

    /// <summary>Reads a 64-bit number, as <see cref="Value"/> gives it, as an id.</summary>
    /// <exception cref="PinfoldException">Invalid: no id, or the id of an object of another type.</exception>
    public static ObjectId<T> FromInt64(long value) => Of(ObjectId.FromInt64(value));

    /// <summary>Reads a 64-bit number as an id; false for no id and for an id of another type.</summary>
    public static bool TryFromInt64(long value, out ObjectId<T> id)
    {
        var right = ObjectId.TryFromInt64(value, out var untyped) && untyped.Type == TypeNumber<T>.Value;
        id = right ? new ObjectId<T>(untyped) : default;
        return right;
    }

    /// <summary>Gives an id its type.</summary>
    /// <exception cref="PinfoldException">Invalid: the id of an object of another type.</exception>
    public static ObjectId<T> Of(ObjectId id) =>
        id.Type == TypeNumber<T>.Value ? new ObjectId<T>(id) : throw OtherType(id);

    internal static PinfoldException OtherType(ObjectId id) => PinfoldException.Invalid(
        $"{id} is the id of an object of type {id.Type}; an id of a {typeof(T).Name} (type {TypeNumber<T>.Value}) is "
            + "expected here.");

    /// <inheritdoc/>
    public int CompareTo(ObjectId<T> other) => Untyped.CompareTo(other.Untyped);

    /// <inheritdoc/>
    public bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Untyped.TryFormat(destination, out charsWritten, format, provider);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => Untyped.ToString();

    /// <inheritdoc/>
    public override string ToString() => Untyped.ToString();
}
