using System.Globalization;
using System.Text;
using Pinfold.Pinboard.Search.Queries;
using Pinfold.Pinboard.Search.Words;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Solr;

/// <summary>
/// What is looked for, as parameters of a request: each part of a query is one of its own. Words are letters and digits
/// by then; whatever else is in one is escaped all the same.
/// </summary>
static class SolrQueries
{
    public static List<KeyValuePair<string, string>> Of(SearchRequest request)
    {
        var all = new Parameters();
        var isByFit = request.Query.HasText;
        all.Add("start", $"{request.Offset}");
        all.Add("rows", $"{Math.Clamp(SearchRequest.DepthMax - request.Offset, 0, request.Limit)}");
        all.Add("fl", SolrFields.Number);
        all.Add("sort", isByFit ? $"score desc,{SolrFields.Number} desc"
            : $"{SolrFields.At} desc,{SolrFields.Number} desc");
        AddQuery(all, request, isByFit);
        AddFilters(all, request);
        if (request.WithFacets)
            all.Add("json.facet", FacetsOf([SolrFields.Board, SolrFields.Colour, SolrFields.Kind, SolrFields.Year]));
        return all.List;
    }

    public static List<KeyValuePair<string, string>> Of(RelatedRequest request)
    {
        var all = new Parameters();
        all.Add("rows", $"{request.Limit}");
        all.Add("fl", SolrFields.Number);
        all.Add("sort", $"score desc,{SolrFields.Number} desc");
        var any = new List<string>();
        var bands = PictureBands.Of(request.PerceptualHash);
        if (bands.Count > 0)
        {
            var each = bands.Select(band => "should=" + all.AddPart($"({SolrFields.Band}:{band})^=1"));
            any.Add(all.AddPart($"{{!bool {string.Join(' ', each)} mm={PictureBands.CommonMin}}}"));
        }
        if (request.PictureHash is { } hash)
            any.Add(all.AddPart($"{SolrFields.Picture}:{Escaped(hash)}"));
        if (!request.OfPictureOnly)
        {
            any.AddRange(request.Stems.Select(stem => all.AddPart($"{SolrFields.Stems}:{Escaped(stem)}")));
            any.AddRange(request.Tags.Select(tag => all.AddPart($"{SolrFields.Tag}:{Escaped(tag)}")));
        }
        if (any.Count == 0)
            any.Add(all.AddPart("-*:*"));
        all.Add("q", $"{{!bool {string.Join(' ', any.Select(part => "should=" + part))} mm=1 must_not="
            + $"{all.AddPart($"{SolrFields.Number}:{request.Pin.Value}")}}}");
        AddWhoSees(all, Pin.Type, request.Viewer);
        return all.List;
    }

    public static List<KeyValuePair<string, string>> OfTags(string beginning, ObjectId<User> owner, int limit)
    {
        var all = new Parameters();
        all.Add("q", "*:*");
        all.Add("rows", "0");
        all.Add("fq", $"{SolrFields.Type}:{Pin.Type.Number}");
        all.Add("fq", owner.IsNone ? $"{SolrFields.Public}:1" : $"{SolrFields.Owner}:{owner.Value}");
        // Of all there are, those without such a tag need not be counted one by one.
        all.Add("fq", $"{{!prefix f={SolrFields.TagName} cache=false v={all.AddPart(beginning)}}}");
        var prefix = System.Text.Json.JsonEncodedText.Encode(beginning);
        all.Add("json.facet", $$$"""
            {tags:{type:terms,field:{{{SolrFields.TagName}}},prefix:"{{{prefix}}}",limit:{{{limit}}},sort:"count desc"}}
            """);
        return all.List;
    }

    static void AddQuery(Parameters all, SearchRequest request, bool isByFit)
    {
        var query = request.Query;
        var must = new List<string>();
        if (request.InTitlesOnly)
            must.AddRange(query.Words.Select(word => all.AddPart(
                $"{SolrFields.Title}:{Escaped(word.Form)} "
                + $"({SolrFields.Title}:{Escaped(word.Form)}*)^={Number(Ranking.Beginning)}")));
        else if (query.Words.Count > 0)
            must.Add(all.AddPart(
                $"{{!bool {string.Join(' ', query.Words.Select((word, at) => "should=" + all.AddPart(
                    OfWord(word, query.IsLastWordOpen && at == query.Words.Count - 1))))} "
                + $"mm={Ranking.RequiredOf(query.Words.Count)}}}"));
        if (!request.InTitlesOnly)
            must.AddRange(query.Phrases.Select(
                words => all.AddPart($"({Phrase(words)})^{Number(Ranking.Phrase)}")));
        if (must.Count == 0)
            must.Add(all.AddPart("*:*"));
        var not = query.Excluded.Select(words => all.AddPart(Phrase(words)));
        all.Add("text", $"{{!bool {string.Join(' ', must.Select(part => "must=" + part).Concat(
            not.Select(part => "must_not=" + part)))}}}");
        if (!isByFit)
        {
            all.Add("q", "{!query v=$text}");
            return;
        }
        all.Add("q", "{!boost b=$boost v=$text}");
        all.Add("boost", FormattableString.Invariant(Ranking.BoostFormula(
            SolrFields.Popularity, $"div(sub({request.At.ToUnixTimeSeconds()},{SolrFields.At}),86400)"))
            .ReplaceLineEndings(""));
    }

    /// <summary>As maxscore: the best of the ways in which a word may be there, and a little of the others.</summary>
    static string OfWord(Word word, bool isOpen)
    {
        var form = Escaped(word.Form);
        var any = new StringBuilder(
            $"{{!maxscore tie={Number(Ranking.OtherWays)}}}{SolrFields.Words}:{form}^{Number(Ranking.Word)}");
        foreach (var stem in WordStems.Of(word))
            any.Append(CultureInfo.InvariantCulture, $" {SolrFields.Stems}:{Escaped(stem)}^{Number(Ranking.Stem)}");
        if (!word.IsIdeographic && word.Form.Length >= Ranking.TypoLengthMin)
            any.Append(CultureInfo.InvariantCulture, $" ({SolrFields.Words}:{form}~1)^={Number(Ranking.Typo)}");
        if (isOpen && !word.IsIdeographic && word.Form.Length >= Ranking.BeginningLengthMin)
            any.Append(CultureInfo.InvariantCulture, $" ({SolrFields.Words}:{form}*)^={Number(Ranking.Beginning)}");
        return any.ToString();
    }

    static string Phrase(IReadOnlyList<Word> words) => words is [var one]
        ? $"{SolrFields.Words}:{Escaped(one.Form)}"
        : $"{SolrFields.Words}:\"{string.Join(' ', words.Select(w => Escaped(w.Form)))}\"";

    static void AddFilters(Parameters all, SearchRequest request)
    {
        AddWhoSees(all, request.Type, request.Viewer);
        var (query, filter) = (request.Query, request.Filter);
        foreach (var tag in query.Tags)
            all.Add("fq", $"{SolrFields.Tag}:{Escaped(tag)}");
        foreach (var tag in query.ExcludedTags)
            all.Add("fq", $"-{SolrFields.Tag}:{Escaped(tag)}");
        foreach (var word in query.Board)
            all.Add("fq", $"{SolrFields.BoardName}:{Escaped(word.Form)}");
        if (!request.Owner.IsNone)
            all.Add("fq", $"{SolrFields.Owner}:{request.Owner.Value}");
        if (!filter.Board.IsNone)
            all.Add("fq", $"{SolrFields.Board}:{filter.Board.Value}");
        if (filter.Colour is { } colour)
            all.Add("fq", $"{SolrFields.Colour}:{Escaped(colour)}");
        if (filter.Kind is { } kind)
            all.Add("fq", $"{SolrFields.Kind}:{Escaped(kind)}");
        if (filter.Year is { } year)
            all.Add("fq", $"{SolrFields.Year}:{year}");
    }

    static void AddWhoSees(Parameters all, ObjectType type, ObjectId<User> viewer)
    {
        all.Add("fq", $"{SolrFields.Type}:{type.Number}");
        all.Add("fq", viewer.IsNone ? $"{SolrFields.Public}:1"
            : $"{SolrFields.Public}:1 {SolrFields.Owner}:{viewer.Value}");
    }

    static string FacetsOf(IEnumerable<string> fields) => "{" + string.Join(',', fields.Select(field =>
        $"{field}:{{type:terms,field:{field},limit:{SearchFacets.ValuesMax},sort:\"count desc\"}}")) + "}";

    /// <summary>A word of the standard syntax that can be nothing else.</summary>
    static string Escaped(string word)
    {
        var escaped = new StringBuilder(word.Length);
        foreach (var c in word)
        {
            if (c < 128 && !char.IsAsciiLetterOrDigit(c))
                escaped.Append('\\');
            escaped.Append(c);
        }
        return escaped.ToString();
    }

    static string Number(float value) => value.ToString(CultureInfo.InvariantCulture);

    sealed class Parameters
    {
        int _parts;

        public List<KeyValuePair<string, string>> List { get; } = [new("wt", "json"), new("q.op", "OR")];

        public void Add(string name, string value) => List.Add(new(name, value));

        /// <summary>Gives the reference by which another part names it.</summary>
        public string AddPart(string value)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"p{_parts++}");
            Add(name, value);
            return "$" + name;
        }
    }
}
