using Lucene.Net.Analysis;
using Lucene.Net.Analysis.Core;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Store;
using Lucene.Net.Util;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Lucene;

/// <summary>
/// One index in a folder. What is written is found at once, and on disk with the next <see cref="Commit"/>; a process
/// that is killed loses what came after that. One process writes; others may read what is on disk.
/// </summary>
sealed class LuceneIndex : IDisposable
{
    const LuceneVersion Version = LuceneVersion.LUCENE_48;
    const double BufferMiB = 16;

    readonly FSDirectory _directory;
    readonly Analyzer _analyzer = new WhitespaceAnalyzer(Version);
    readonly IndexWriter? _writer;
    readonly SearcherManager _searchers;
    readonly System.Threading.Lock _writing = new();

    /// <exception cref="IOException">The folder cannot be used; it is locked by another process, or is no
    /// index.</exception>
    LuceneIndex(string folder, bool isToWrite)
    {
        _directory = FSDirectory.Open(folder);
        try
        {
            if (isToWrite)
            {
                _writer = new IndexWriter(_directory, new IndexWriterConfig(Version, _analyzer)
                {
                    OpenMode = OpenMode.CREATE_OR_APPEND,
                    RAMBufferSizeMB = BufferMiB,
                    Similarity = new LengthKeepingBm25(),
                });
                _searchers = new SearcherManager(_writer, applyAllDeletes: true, new RankedSearchers());
            }
            else
                _searchers = new SearcherManager(_directory, new RankedSearchers());
        }
        catch (Exception)
        {
            _writer?.Rollback();
            _directory.Dispose();
            throw;
        }
    }

    public static LuceneIndex OpenToWrite(string folder) => new(folder, isToWrite: true);

    public static LuceneIndex OpenToRead(string folder) => new(folder, isToWrite: false);

    /// <summary>Whether there is one to read: not while the first of it is on its way to the disk.</summary>
    public static bool IsThere(string folder)
    {
        if (!System.IO.Directory.Exists(folder))
            return false;
        using var directory = FSDirectory.Open(folder);
        try
        {
            new SegmentInfos().Read(directory);
            return true;
        }
        catch (Exception e) when (e is IndexNotFoundException or EndOfStreamException)
        {
            return false;
        }
    }

    /// <summary>Replaces what is older than what is given, and keeps what is not.</summary>
    public void Write(IReadOnlyList<SearchDocument> documents)
    {
        lock (_writing)
        {
            var there = Ask(searcher => documents.ToDictionary(d => d.Id, d => SeqOf(searcher, d.Id)));
            foreach (var newest in documents.GroupBy(d => d.Id).Select(same => same.MaxBy(d => d.Seq)!))
                if (newest.Seq > there[newest.Id])
                    _writer!.UpdateDocument(LuceneFields.TermOf(newest.Id), LuceneFields.ToDocument(newest));
            _searchers.MaybeRefreshBlocking();
        }
    }

    /// <summary>All that was written before is on disk.</summary>
    public void Commit() => _writer!.Commit();

    /// <summary>Has a reader see what another process has put on disk.</summary>
    public void Refresh() => _searchers.MaybeRefreshBlocking();

    public T Ask<T>(Func<IndexSearcher, T> ask)
    {
        var searcher = _searchers.Acquire();
        try
        {
            return ask(searcher);
        }
        finally
        {
            _searchers.Release(searcher);
        }
    }

    public void Dispose()
    {
        _searchers.Dispose();
        _writer?.Dispose();
        _analyzer.Dispose();
        _directory.Dispose();
    }

    static long SeqOf(IndexSearcher searcher, ObjectId id)
    {
        foreach (var leaf in searcher.IndexReader.Leaves)
        {
            var docs = leaf.AtomicReader.GetTermDocsEnum(LuceneFields.TermOf(id));
            var live = leaf.AtomicReader.LiveDocs;
            for (var doc = docs?.NextDoc() ?? DocIdSetIterator.NO_MORE_DOCS;
                doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs!.NextDoc())
                if (live is null || live.Get(doc))
                    return leaf.AtomicReader.GetNumericDocValues(LuceneFields.Seq).Get(doc);
        }
        return -1;
    }

    sealed class RankedSearchers : SearcherFactory
    {
        public override IndexSearcher NewSearcher(IndexReader reader) =>
            new(reader) { Similarity = new LengthKeepingBm25() };
    }
}
