using System.Globalization;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Util;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Lucene;

/// <summary>The fields of the embedded index, and a document written in them.</summary>
static class LuceneFields
{
    public const string Id = "id", Shard = "shard", Seq = "seq", Digest = "digest", Gone = "gone", Type = "type";
    public const string Owner = "owner", Board = "board", Public = "public";
    public const string Words = "words", Stems = "stems", Title = "title", BoardName = "board_name";
    public const string Tag = "tag", PublicTag = "public_tag", OwnTag = "own_tag";
    public const string Colour = "colour", Kind = "kind", Year = "year", At = "at", Popularity = "popularity";
    public const string Picture = "picture", Band = "band";

    public const string Yes = "1";

    /// <summary>Unlike any word of a text, which has no blank.</summary>
    public static Term TermOf(ObjectId id) => new(Id, Text(id.Value));

    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static Document ToDocument(SearchDocument from)
    {
        var to = new Document
        {
            new StringField(Id, Text(from.Id.Value), Field.Store.NO),
            new NumericDocValuesField(Id, from.Id.Value),
            new StringField(Shard, Text(from.Id.Shard.Value), Field.Store.NO),
            new NumericDocValuesField(Seq, from.Seq),
            new NumericDocValuesField(Digest, from.Digest()),
            new NumericDocValuesField(Gone, from.IsGone ? 1 : 0),
        };
        if (!from.IsGone)
            AddWhatIsFound(to, from);
        return to;
    }

    static void AddWhatIsFound(Document to, SearchDocument from)
    {
        Add(to, Type, Text(from.Id.Type));
        Add(to, Owner, Text(from.Owner.Value));
        if (!from.Board.IsNone)
            Add(to, Board, Text(from.Board.Value), isFacet: from.Kind is not null);
        if (from.IsPublic)
            Add(to, Public, Yes);
        to.Add(new TextField(Words, from.Words, Field.Store.NO));
        to.Add(new TextField(Stems, from.Stems, Field.Store.NO));
        to.Add(new TextField(Title, from.Title, Field.Store.NO));
        to.Add(new TextField(BoardName, from.BoardName, Field.Store.NO));
        foreach (var tag in from.Tags)
        {
            Add(to, Tag, tag.Key);
            Add(to, OwnTag, OwnTagOf(from.Owner, $"{tag}"));
            if (from.IsPublic)
                Add(to, PublicTag, $"{tag}");
        }
        if (from.Colour is { } colour)
            Add(to, Colour, colour, isFacet: true);
        if (from.Kind is { } kind)
            Add(to, Kind, kind, isFacet: true);
        if (from.Year is { } year)
            Add(to, Year, Text(year), isFacet: true);
        if (from.PictureHash is { } hash)
            Add(to, Picture, hash);
        foreach (var band in PictureBands.Of(from.PerceptualHash))
            Add(to, Band, band);
        to.Add(new NumericDocValuesField(At, from.At.ToUnixTimeSeconds()));
        to.Add(new NumericDocValuesField(Popularity, from.Popularity));
    }

    /// <summary>A tag as a word of one person's.</summary>
    public static string OwnTagOf(ObjectId<User> owner, string tag) => $"{owner}/{tag}";

    static void Add(Document to, string field, string value, bool isFacet = false)
    {
        to.Add(new StringField(field, value, Field.Store.NO));
        if (isFacet)
            to.Add(new SortedDocValuesField(field, new BytesRef(value)));
    }
}
