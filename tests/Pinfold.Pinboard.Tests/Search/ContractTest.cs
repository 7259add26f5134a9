using Pinfold.Pinboard.Search;
using Pinfold.Pinboard.Search.Queries;
using Pinfold.Pinboard.Search.Words;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Tests.Search;

/// <summary>One test of an index that others use too: its documents are of a person of its own, and it finds only
/// those.</summary>
sealed class ContractTest
{
    const int IdsEach = 1000;

    readonly DateTimeOffset _now;
    readonly string _tag;
    long _next;

    public ContractTest(ISearchTarget target, ISearchIndex index, DateTimeOffset now)
    {
        (Target, Index, _now) = (target, index, now);
        _next = FirstLocal = Random.Shared.NextInt64(1, 60_000_000) * IdsEach;
        Shard = new ShardId(Random.Shared.Next(16));
        Owner = User.Type.Id(new ObjectId(Shard, User.Type.Number, FirstLocal));
        _tag = $"t{FirstLocal}";
    }

    public ISearchTarget Target { get; }

    public ISearchIndex Index { get; }

    public ShardId Shard { get; }

    public long FirstLocal { get; }

    public ObjectId<User> Owner { get; }

    public ObjectId NextId() => new(Shard, Pinboard.Pin.Type.Number, _next++);

    public ObjectId<Board> NextBoard() => Board.Type.Id(new ObjectId(Shard, Board.Type.Number, _next++));

    /// <summary>Whether it is of this test, and not of another in the same index.</summary>
    public bool IsOwn(ObjectId id) => id.Local / IdsEach == FirstLocal / IdsEach;

    /// <summary>A tag that only this test has.</summary>
    public string TagOf(string word) => $"{_tag}-{word}";

    /// <summary>A word's stem, with what only this test has.</summary>
    public string Stem(string word) => StemsOf(word).First();

    IEnumerable<string> StemsOf(string text) =>
        WordSplitter.Split(text).SelectMany(WordStems.Of).Select(stem => _tag + stem);

    public SearchDocument Pin(
        string title, string? description = null, ObjectId? id = null, long seq = 1,
        IReadOnlyList<string>? tags = null) =>
        new(id ?? NextId(), seq)
        {
            Owner = Owner,
            Board = Board.Type.Id(new ObjectId(Shard, Board.Type.Number, FirstLocal + 900)),
            IsPublic = true,
            Words = IndexedText.WordsOf(title, description),
            Stems = IndexedText.StemsOf(title, title, description) + " "
                + string.Join(' ', StemsOf(title)),
            Title = IndexedText.WordsOf(title),
            Tags = [.. (tags ?? []).Select(tag => new IndexedTag(TagOf(tag), TagOf(tag)))],
            Kind = PinKind.Picture,
            At = _now.AddDays(-30),
        };

    public async Task<ObjectId> AddAsync(string title, string? description = null)
    {
        var pin = Pin(title, description);
        await WriteAsync(pin);
        return pin.Id;
    }

    /// <summary>Found at once, afterwards.</summary>
    public async Task WriteAsync(params IReadOnlyList<SearchDocument> documents)
    {
        await Target.WriteAsync(documents, default);
        await Target.SaveAsync(await Target.PlacesAsync(default), default);
    }

    public async Task<IReadOnlyList<ObjectId>> FindAsync(
        string typed, ObjectId<User> viewer = default, bool inTitlesOnly = false) =>
        (await Index.FindAsync(Request(typed) with { Viewer = viewer, InTitlesOnly = inTitlesOnly }, default)).Ids;

    public Task<SearchHits> HitsAsync(
        string typed, SearchFilter? filter = null, bool withFacets = false, int offset = 0, int limit = 50) =>
        Index.FindAsync(Request(typed) with
        {
            Filter = filter ?? new SearchFilter(),
            WithFacets = withFacets,
            Offset = offset,
            Limit = limit,
        }, default);

    SearchRequest Request(string typed) =>
        new(Pinboard.Pin.Type, SearchQueryParser.Parse(typed), default, _now) { Owner = Owner };
}
