using System.Globalization;
using Lucene.Net.Index;
using Lucene.Net.Util;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Lucene;

/// <summary>Counts what was found by board, colour, kind and year.</summary>
sealed class FacetCounter
{
    readonly Counted _boards = new(LuceneFields.Board);
    readonly Counted _colours = new(LuceneFields.Colour);
    readonly Counted _kinds = new(LuceneFields.Kind);
    readonly Counted _years = new(LuceneFields.Year);
    readonly Counted[] _all;

    public FacetCounter() => _all = [_boards, _colours, _kinds, _years];

    public void SetNextReader(AtomicReader reader)
    {
        foreach (var field in _all)
            field.SetNextReader(reader);
    }

    public void Collect(int doc)
    {
        foreach (var field in _all)
            field.Collect(doc);
    }

    public SearchFacets ToFacets() => new()
    {
        Boards = [.. _boards.Take().Select(c => new FacetCount<ObjectId<Board>>(
            ObjectId<Board>.FromInt64(long.Parse(c.Value, CultureInfo.InvariantCulture)), c.Count))],
        Colours = _colours.Take(),
        Kinds = _kinds.Take(),
        Years = [.. _years.Take().Select(c => new FacetCount<int>(
            int.Parse(c.Value, CultureInfo.InvariantCulture), c.Count))],
    };

    /// <summary>In each part of the index values are numbered; counts are added up by value between two
    /// parts.</summary>
    sealed class Counted(string field)
    {
        readonly Dictionary<string, long> _byValue = [];
        SortedDocValues? _values;
        int[] _here = [];

        public void SetNextReader(AtomicReader reader)
        {
            AddUp();
            _values = reader.GetSortedDocValues(field);
            _here = new int[_values?.ValueCount ?? 0];
        }

        public void Collect(int doc)
        {
            if (_values?.GetOrd(doc) is >= 0 and var ord)
                _here[ord]++;
        }

        public IReadOnlyList<FacetCount<string>> Take()
        {
            AddUp();
            return [.. _byValue.OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal)
                .Take(SearchFacets.ValuesMax).Select(v => new FacetCount<string>(v.Key, v.Value))];
        }

        void AddUp()
        {
            var value = new BytesRef();
            for (var ord = 0; ord < _here.Length; ord++)
                if (_here[ord] > 0)
                {
                    _values!.LookupOrd(ord, value);
                    var text = value.Utf8ToString();
                    _byValue[text] = _byValue.GetValueOrDefault(text) + _here[ord];
                }
            _here = [];
        }
    }
}
