using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Lucene;

/// <summary>
/// The objects of a type that somebody may find: the public ones, and their own. Which are public is kept for each
/// segment, that is a bit for each document and type; what was deleted from it since is left out all the same.
/// </summary>
sealed class SeenFilter(ObjectType type, ObjectId<User> viewer) : Filter
{
    /// <summary>Of fewer than this part of the documents it is cheaper to go from one to the next.</summary>
    const int SparsePart = 64;

    static readonly ConditionalWeakTable<object, ConcurrentDictionary<int, FixedBitSet>> Public = [];

    public override DocIdSet GetDocIdSet(AtomicReaderContext context, IBits acceptDocs)
    {
        var reader = context.AtomicReader;
        var seen = Public.GetOrCreateValue(reader.CoreCacheKey)
            .GetOrAdd(type.Number, static (number, reader) => PublicOf(number, reader), reader);
        if (!viewer.IsNone)
            seen = WithOwn(seen, reader);
        var all = seen.Cardinality < reader.MaxDoc / SparsePart ? new InTurn(seen) : (DocIdSet)seen;
        return BitsFilteredDocIdSet.Wrap(all, acceptDocs);
    }

    static FixedBitSet PublicOf(int type, AtomicReader reader)
    {
        var docs = new FixedBitSet(reader.MaxDoc);
        Add(docs, reader, LuceneFields.Public, LuceneFields.Yes);
        var ofType = new FixedBitSet(reader.MaxDoc);
        Add(ofType, reader, LuceneFields.Type, LuceneFields.Text(type));
        docs.And(ofType);
        return docs;
    }

    FixedBitSet WithOwn(FixedBitSet seen, AtomicReader reader)
    {
        var own = new FixedBitSet(reader.MaxDoc);
        Add(own, reader, LuceneFields.Owner, LuceneFields.Text(viewer.Value));
        if (own.Cardinality == 0)
            return seen;
        var ofType = new FixedBitSet(reader.MaxDoc);
        Add(ofType, reader, LuceneFields.Type, LuceneFields.Text(type.Number));
        own.And(ofType);
        own.Or(seen);
        return own;
    }

    static void Add(FixedBitSet to, AtomicReader reader, string field, string value)
    {
        if (reader.GetTermDocsEnum(new Term(field, value)) is { } docs)
            to.Or(docs);
    }

    /// <summary>Without the bits that would have a search try each document that its words are in.</summary>
    sealed class InTurn(FixedBitSet docs) : DocIdSet
    {
        public override bool IsCacheable => true;

        public override DocIdSetIterator GetIterator() => docs.GetIterator();
    }
}
