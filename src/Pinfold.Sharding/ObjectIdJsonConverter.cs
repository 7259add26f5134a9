using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pinfold.Sharding;

/// <summary>
/// Ids in JSON are strings of digits; anything else is refused with what would be right. Public because source
/// generation names it in the application.
/// </summary>
public sealed class ObjectIdJsonConverter : JsonConverter<ObjectId>
{
    /// <inheritdoc/>
    public override ObjectId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ReadId(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ObjectId value, JsonSerializerOptions options) =>
        WriteId(writer, value);

    internal static ObjectId ReadId(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("An id is a string of digits, such as \"241294492511762325\".");
        Span<char> text = stackalloc char[24];
        var size = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        var length = size <= text.Length ? reader.CopyString(text) : 0;
        return ObjectId.TryParse(text[..length], null, out var id)
            ? id
            : throw new JsonException("An id is a string of digits, such as \"241294492511762325\".");
    }

    internal static void WriteId(Utf8JsonWriter writer, ObjectId id)
    {
        Span<char> text = stackalloc char[20];
        id.TryFormat(text, out var length, default, null);
        writer.WriteStringValue(text[..length]);
    }
}

/// <summary>As <see cref="ObjectIdJsonConverter"/>, and an id of another type is refused.</summary>
sealed class TypedObjectIdJsonConverter<T> : JsonConverter<ObjectId<T>> where T : class
{
    public override ObjectId<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var id = ObjectIdJsonConverter.ReadId(ref reader);
        return id.Type == TypeNumber<T>.Value
            ? new ObjectId<T>(id)
            : throw new JsonException(ObjectId<T>.OtherType(id).Message);
    }

    public override void Write(Utf8JsonWriter writer, ObjectId<T> value, JsonSerializerOptions options) =>
        ObjectIdJsonConverter.WriteId(writer, value.Untyped);
}

/// <summary>
/// Finds the converter of one typed id; public because source generation names it in the application.
/// </summary>
public sealed class TypedObjectIdJsonConverterFactory : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(ObjectId<>);

    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(
            typeof(TypedObjectIdJsonConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;
}
