using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Pinfold.Sharding;

/// <summary>
/// What is known of a type of objects without its body: its number in ids and its name.
/// </summary>
public abstract class ObjectType
{
    private protected ObjectType(int number, string name, Type body, int schemaVersion, bool isCached)
    {
        if (number is < 1 or > ObjectId.TypeMax)
            throw PinfoldException.Invalid(
                $"{number} is not an object type: a type is a number from 1 to {ObjectId.TypeMax}.");
        Number = number;
        Name = Identifiers.Checked(name, "an object type");
        BodyType = body;
        SchemaVersion = schemaVersion;
        IsCached = isCached;
    }

    /// <summary>1 to 1023; part of every id, so it never changes.</summary>
    public int Number { get; }

    /// <summary>What people and messages call its objects: <c>notes</c>. It may change, the number may not.</summary>
    public string Name { get; }

    /// <summary>The record that is its objects' body.</summary>
    public Type BodyType { get; }

    /// <summary>The version in which bodies are written today: one more than there are upgrades.</summary>
    public int SchemaVersion { get; }

    /// <summary>
    /// Whether reads go through the cache. Off for what must not leave the database, such as credentials.
    /// </summary>
    public bool IsCached { get; }

    /// <summary>
    /// Whether objects of this type are made at all. Off where its ids are reckoned by the application and only lists
    /// are kept under them, which then lead to nothing that is missing.
    /// </summary>
    public bool HasObjects { get; init; } = true;
}

/// <summary>
/// A type of objects: number, name, how its body is written, and how older bodies are brought up to date.
/// </summary>
/// <remarks>
/// A body is a JSON object whose first property, <c>$v</c>, is its schema version. Upgrades run on read, one after the
/// other; the row itself changes with its next update. A body of a newer version is refused, never guessed at.
/// </remarks>
public sealed class ObjectType<T> : ObjectType where T : class
{
    const int BodyBytesMax = 4 << 20;
    const string FromReflection =
        "The body's contract is made by reflection: give a JsonTypeInfo from a JsonSerializerContext instead.";
    static readonly byte[] VersionName = "$v"u8.ToArray();
    readonly JsonTypeInfo<T> _json;
    readonly IReadOnlyList<Action<JsonObject>> _upgrades;
    readonly byte[] _head;

    /// <summary>Declares a type.</summary>
    /// <param name="number">1 to 1023, unique in the model, for ever; a record has one in the whole process.</param>
    /// <param name="name">Lower case letters, digits and underscores, at most 40.</param>
    /// <param name="json">The body's contract, by System.Text.Json source generation.</param>
    /// <param name="upgrades">The n-th turns a body of version n (counted from 1) into one of version n + 1, in
    /// place.</param>
    /// <param name="isCached">Whether reads go through the cache.</param>
    /// <exception cref="PinfoldException">
    /// Invalid: a number or a name that is none, a record that has another number, or a contract that refuses
    /// properties which it does not know, as it would <c>$v</c>.
    /// </exception>
    public ObjectType(
        int number, string name, JsonTypeInfo<T> json, IReadOnlyList<Action<JsonObject>>? upgrades = null,
            bool isCached = true)
        : base(number, name, typeof(T), (upgrades?.Count ?? 0) + 1, isCached)
    {
        if ((json.UnmappedMemberHandling ?? json.Options.UnmappedMemberHandling) == JsonUnmappedMemberHandling.Disallow)
            throw PinfoldException.Invalid(
                $"Bodies of {name} begin with their schema version, $v, which their contract refuses to read: let it "
                + "skip what it does not know (JsonUnmappedMemberHandling.Skip).");
        TypeNumber<T>.Declare(number);
        _json = json;
        _upgrades = upgrades ?? [];
        _head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"$v\":{SchemaVersion},"));
    }

    /// <summary>
    /// Declares a type whose body's contract is made from the record at run time, where there is no source generation.
    /// </summary>
    /// <param name="number">As in the other.</param>
    /// <param name="name">As in the other.</param>
    /// <param name="options">How its properties are named and written, for ever; null for as they are in C#. They
    /// cannot be changed any more.</param>
    /// <param name="upgrades">As in the other.</param>
    /// <param name="isCached">As in the other.</param>
    /// <exception cref="PinfoldException">Invalid: as in the other.</exception>
    [RequiresUnreferencedCode(FromReflection), RequiresDynamicCode(FromReflection)]
    public ObjectType(
        int number, string name, JsonSerializerOptions? options = null,
            IReadOnlyList<Action<JsonObject>>? upgrades = null, bool isCached = true)
        : this(number, name, Contract(options ?? JsonSerializerOptions.Default), upgrades, isCached)
    {
    }

    /// <summary>Gives an id its type.</summary>
    /// <exception cref="PinfoldException">Invalid: the id of an object of another type.</exception>
    public ObjectId<T> Id(ObjectId id) => id.Type == Number ? new ObjectId<T>(id) : throw ObjectId<T>.OtherType(id);

    internal byte[] Encode(T body)
    {
        var whole = JsonSerializer.SerializeToUtf8Bytes(body, _json);
        if (whole[0] != '{')
            throw PinfoldException.Invalid($"The body of an object of {Name} is a JSON object, and never null.");
        // The head, with the version in it, takes the place of the serializer's opening brace.
        var json = whole.AsSpan(1);
        var isEmpty = json.Length == 1;
        var bytes = new byte[_head.Length - (isEmpty ? 1 : 0) + json.Length];
        if (bytes.Length > BodyBytesMax)
            throw new PinfoldException(ErrorKind.LimitExceeded,
                $"The body of this object of {Name} has {bytes.Length} bytes; {BodyBytesMax} is the most that one " +
                    "holds.");
        _head.AsSpan(..(bytes.Length - json.Length)).CopyTo(bytes);
        json.CopyTo(bytes.AsSpan(bytes.Length - json.Length));
        return bytes;
    }

    internal T Decode(ReadOnlySpan<byte> body, ObjectId id)
    {
        try
        {
            var version = VersionOf(body);
            if (version == SchemaVersion)
                return JsonSerializer.Deserialize(body, _json) ?? throw new JsonException("null");
            if (version > SchemaVersion || version < 1)
                throw new PinfoldException(ErrorKind.Corrupt,
                    $"Object {id} of {Name} was written in schema version {version}; this program knows 1 to " +
                        $"{SchemaVersion}. Use a newer program.")
                { Shard = id.Shard };
            var node = JsonNode.Parse(body)!.AsObject();
            for (var from = version; from < SchemaVersion; from++)
                Upgrade(node, from);
            return node.Deserialize(_json) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new PinfoldException(
                ErrorKind.Corrupt, $"The body of object {id} of {Name} is not readable: {e.Message}", e)
            { Shard = id.Shard };
        }
    }

    [RequiresUnreferencedCode(FromReflection), RequiresDynamicCode(FromReflection)]
    static JsonTypeInfo<T> Contract(JsonSerializerOptions options)
    {
        options.MakeReadOnly(populateMissingResolver: true);
        return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
    }

    /// <summary>An upgrade meets bodies that nobody foresaw; whatever it throws, the body is to blame.</summary>
    void Upgrade(JsonObject body, int from)
    {
        try
        {
            _upgrades[from - 1](body);
        }
        catch (Exception e)
        {
            throw new FormatException($"its upgrade from version {from} failed: {e.Message}", e);
        }
    }

    static int VersionOf(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        return reader.Read() && reader.Read() && reader.TokenType == JsonTokenType.PropertyName
            && reader.ValueTextEquals(VersionName) && reader.Read() && reader.TryGetInt32(out var version)
            ? version
            : throw new JsonException("it does not begin with its schema version, $v");
    }
}
