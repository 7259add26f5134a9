using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Search.Queries;
using Pinfold.Pinboard.Search.Words;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Search.Finding;

/// <summary>What somebody who begins to type may mean.</summary>
sealed class SuggestionReader(ISearchEngine engine, ShardedStore store, VisiblePins visible, TimeProvider time)
{
    const int LengthMax = 100;
    const int TagsMax = 4;
    const int BoardsMax = 3;
    const int PeopleMax = 3;
    const int PinsMax = 3;

    /// <summary>
    /// Tags, boards, people and titles of pins that begin so. Questions to the index side by side, and one round trip
    /// for what is not cached.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable: the index, or a shard, does not answer.</exception>
    public async Task<Suggestions> FindAsync(Viewer viewer, string? typed, CancellationToken cancellation)
    {
        var text = Text.OneLine(typed);
        var words = text.Length > LengthMax ? [] : WordSplitter.Split(text);
        if (words.Count == 0)
            return Suggestions.None;
        var (ofTags, ofPeople) = (text[0] == '#', text[0] == '@');
        var query = new SearchQuery { Words = words };
        var tags = ofPeople ? Task.FromResult<IReadOnlyList<TagCount>>([])
            : engine.Index.FindTagsAsync(string.Join('-', words.Select(w => w.Form)), default, TagsMax, cancellation);
        var people = IdsAsync(User.Type, PeopleMax, !ofTags);
        var boards = IdsAsync(Board.Type, BoardsMax, !ofTags && !ofPeople);
        var pins = IdsAsync(Pin.Type, PinsMax, !ofTags && !ofPeople);
        await Task.WhenAll(tags, people, boards, pins);
        var foundBoards = (await store.FindManyAsync([.. (await boards).Select(Board.Type.Id)], cancellation))
            .OfType<Stored<Board>>().Where(b => Visibility.CanSee(viewer, b.Body)).ToList();
        var foundPeople = (await store.FindManyAsync(
            [.. (await people).Select(User.Type.Id).Concat(foundBoards.Select(b => b.Body.Owner)).Distinct()],
            cancellation)).OfType<Stored<User>>().ToDictionary(u => u.Id);
        return new Suggestions(
            [.. (await tags).Select(t => t.Name)],
            [.. (await people).Select(User.Type.Id).Where(foundPeople.ContainsKey).Select(id => foundPeople[id].Body)],
            [.. foundBoards.Where(b => foundPeople.ContainsKey(b.Body.Owner))
                .Select(b => new FoundBoard(b, foundPeople[b.Body.Owner].Body))],
            await visible.FindAsync(viewer, [.. (await pins).Select(Pin.Type.Id)], cancellation));

        async Task<IReadOnlyList<ObjectId>> IdsAsync(ObjectType type, int limit, bool isAsked) => !isAsked ? []
            : (await engine.Index.FindAsync(new SearchRequest(type, query, viewer.User, time.GetUtcNow())
            {
                InTitlesOnly = true,
                Limit = limit,
            }, cancellation)).Ids;
    }

    /// <summary>Tags for a form: one's own that begin so before everybody's.</summary>
    /// <exception cref="PinfoldException">Unavailable: the index does not answer.</exception>
    public async Task<IReadOnlyList<string>> FindTagsAsync(
        Viewer viewer, string? typed, int limit, CancellationToken cancellation)
    {
        var beginning = Text.OneLine(typed) is { Length: > 0 } text ? TagName.Find(text)?.Key ?? "" : "";
        var own = engine.Index.FindTagsAsync(beginning, viewer.User, limit, cancellation);
        var all = engine.Index.FindTagsAsync(beginning, default, limit, cancellation);
        await Task.WhenAll(own, all);
        return [.. (await own).Concat(await all).Select(t => t.Name).Distinct().Take(limit)];
    }
}

/// <summary>What may be meant, of each kind the likeliest first.</summary>
sealed record Suggestions(
    IReadOnlyList<string> Tags, IReadOnlyList<User> People, IReadOnlyList<FoundBoard> Boards,
    IReadOnlyList<ListedPin> Pins)
{
    public static Suggestions None { get; } = new([], [], [], []);
}
