using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Solr;

/// <summary>The fields of an index in Solr, and documents written in them.</summary>
static class SolrFields
{
    public const string Id = "id", Number = "number", Shard = "shard", Seq = "seq", Digest = "digest", Gone = "gone";
    public const string Type = "object_type", Owner = "owner", Board = "board", Public = "public";
    public const string Words = "words", Stems = "stems", Title = "title", BoardName = "board_name";
    public const string Tag = "tag", TagName = "tag_name", Colour = "colour", Kind = "kind", Year = "year";
    public const string At = "at", Popularity = "popularity", Picture = "picture", Band = "band";
    public const string PlaceSeq = "place_seq", PlaceNext = "place_next";

    const string Word = "pinfold_word", Text = "pinfold_words", Long = "pinfold_long";

    /// <summary>Of what is no object: how far a shard was filled.</summary>
    public const string PlacePrefix = "place-";

    static readonly (string Name, string Type, bool IsStored, bool IsList)[] All =
    [
        (Number, Long, false, false), (Shard, Long, false, false), (Seq, Long, true, false),
        (Digest, Long, false, false), (Gone, Long, false, false), (Type, Long, false, false),
        (Owner, Long, false, false), (Board, Long, false, false), (Public, Long, false, false),
        (Words, Text, false, false), (Stems, Text, false, false), (Title, Text, false, false),
        (BoardName, Text, false, false), (Tag, Word, false, true), (TagName, Word, false, true),
        (Colour, Word, false, false), (Kind, Word, false, false), (Year, Long, false, false), (At, Long, false, false),
        (Popularity, Long, false, false), (Picture, Word, false, false), (Band, Word, false, true),
        (PlaceSeq, Long, true, false), (PlaceNext, Long, true, false),
    ];

    /// <summary>
    /// The commands of the Schema API that add what is missing. Texts come as words with blanks between them: Solr
    /// needs no analysis of its own.
    /// </summary>
    public static byte[]? ToSchema(IReadOnlySet<string> fieldsThere, IReadOnlySet<string> typesThere)
    {
        var missing = All.Where(f => !fieldsThere.Contains(f.Name)).ToList();
        if (missing.Count == 0)
            return null;
        return Write(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("add-field-type");
            if (!typesThere.Contains(Word))
                json.WriteRawValue($$"""{"name":"{{Word}}","class":"solr.StrField","docValues":true}""");
            if (!typesThere.Contains(Long))
                json.WriteRawValue($$"""{"name":"{{Long}}","class":"solr.LongPointField","docValues":true}""");
            if (!typesThere.Contains(Text))
                json.WriteRawValue($$$"""
                    {"name":"{{{Text}}}","class":"solr.TextField","analyzer":{"tokenizer":{"name":"whitespace"}},
                     "similarity":{"class":"solr.BM25SimilarityFactory"}}
                    """);
            json.WriteEndArray();
            json.WriteStartArray("add-field");
            foreach (var (name, type, isStored, isList) in missing)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteString("type", type);
                json.WriteBoolean("stored", isStored);
                json.WriteBoolean("multiValued", isList);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    public static byte[] ToUpdate(IEnumerable<SearchDocument> documents) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var document in documents)
            Write(json, document);
        json.WriteEndArray();
    });

    public static byte[] ToUpdate(IReadOnlyDictionary<ShardId, FillPlace> places) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var (shard, place) in places)
        {
            json.WriteStartObject();
            json.WriteString(Id, $"{PlacePrefix}{shard}");
            json.WriteNumber(PlaceSeq, place.Seq);
            json.WriteNumber(PlaceNext, place.Next.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    static void Write(Utf8JsonWriter json, SearchDocument from)
    {
        json.WriteStartObject();
        json.WriteString(Id, from.Id.Value.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber(Number, from.Id.Value);
        json.WriteNumber(Shard, from.Id.Shard.Value);
        json.WriteNumber(Seq, from.Seq);
        json.WriteNumber(Digest, from.Digest());
        json.WriteNumber(Gone, from.IsGone ? 1 : 0);
        if (!from.IsGone)
            WriteWhatIsFound(json, from);
        json.WriteEndObject();
    }

    static void WriteWhatIsFound(Utf8JsonWriter json, SearchDocument from)
    {
        json.WriteNumber(Type, from.Id.Type);
        json.WriteNumber(Owner, from.Owner.Value);
        if (!from.Board.IsNone)
            json.WriteNumber(Board, from.Board.Value);
        json.WriteNumber(Public, from.IsPublic ? 1 : 0);
        json.WriteString(Words, from.Words);
        json.WriteString(Stems, from.Stems);
        json.WriteString(Title, from.Title);
        json.WriteString(BoardName, from.BoardName);
        WriteList(json, Tag, from.Tags.Select(tag => tag.Key));
        WriteList(json, TagName, from.Tags.Select(tag => $"{tag}"));
        if (from.Colour is { } colour)
            json.WriteString(Colour, colour);
        if (from.Kind is { } kind)
            json.WriteString(Kind, kind);
        if (from.Year is { } year)
            json.WriteNumber(Year, year);
        json.WriteNumber(At, from.At.ToUnixTimeSeconds());
        json.WriteNumber(Popularity, from.Popularity);
        if (from.PictureHash is { } hash)
            json.WriteString(Picture, hash);
        WriteList(json, Band, PictureBands.Of(from.PerceptualHash));
    }

    static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            write(json);
        return buffer.WrittenSpan.ToArray();
    }
}
