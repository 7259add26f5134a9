using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Search.Words;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Search.Indexing;

/// <summary>Makes documents of what the shards have now, past the cache.</summary>
sealed class DocumentReader(ShardedStore store)
{
    readonly PinCounts _counts = new(store);

    /// <summary>So many objects, with their boards, fit into one batch of reads.</summary>
    public const int ObjectsMax = 400;

    /// <summary>
    /// The documents of objects of one shard; of what is not there, that it is not. One round trip for them, for pins
    /// one for their boards and one or two for how popular they are, and one for whether people are disabled.
    /// </summary>
    /// <param name="ids">Of one shard, at most <see cref="ObjectsMax"/>; what is no pin, board or user is left
    /// out.</param>
    /// <param name="seq">What was read of the shard's journal before.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<IReadOnlyList<SearchDocument>> ReadAsync(
        IReadOnlyCollection<ObjectId> ids, long seq, CancellationToken cancellation)
    {
        var read = store.Read();
        var pins = Find(Pin.Type, ids, read);
        var boards = Find(Board.Type, ids, read);
        var users = Find(User.Type, ids, read);
        if (pins.Count + boards.Count + users.Count == 0)
            return [];
        await read.ExecuteAsync(cancellation);
        return
        [
            .. await OfPinsAsync(pins, seq, cancellation),
            .. boards.Select(b => b.There.Value is { } board
                ? OfBoard(b.Id, board.Body, seq) : SearchDocument.Gone(b.Id.Untyped, seq)),
            .. await OfUsersAsync(users, seq, cancellation),
        ];
    }

    /// <summary>The documents of the objects of a type on a shard, beyond one of them. Empty at the end.</summary>
    public async Task<(IReadOnlyList<SearchDocument> Documents, ObjectId Last)> ScanAsync(
        ShardId shard, ObjectType type, ObjectId after, long seq, CancellationToken cancellation)
    {
        var ids = type.Number == Pin.Type.Number ? await IdsAsync<Pin>(shard, after, cancellation)
            : type.Number == Board.Type.Number ? await IdsAsync<Board>(shard, after, cancellation)
            : await IdsAsync<User>(shard, after, cancellation);
        return ids.Count == 0 ? ([], default) : (await ReadAsync(ids, seq, cancellation), ids[^1]);
    }

    /// <summary>What is looked for, in the order in which a shard is gone through.</summary>
    public static readonly IReadOnlyList<ObjectType> Types = [Pin.Type, Board.Type, User.Type];

    async Task<List<ObjectId>> IdsAsync<T>(ShardId shard, ObjectId after, CancellationToken cancellation)
        where T : class
    {
        var read = store.Read();
        var found = read.Scan<T>(shard, after.IsNone ? default : ObjectId<T>.Of(after), ObjectsMax);
        await read.ExecuteAsync(cancellation);
        return [.. found.Value.Select(o => o.Id.Untyped)];
    }

    static List<(ObjectId<T> Id, Answer<Stored<T>?> There)> Find<T>(
        ObjectType<T> type, IEnumerable<ObjectId> ids, ReadBatch read) where T : class =>
        [.. ids.Where(id => id.Type == type.Number).Select(type.Id).Select(id => (id, read.Find(id)))];

    async Task<IEnumerable<SearchDocument>> OfPinsAsync(
        List<(ObjectId<Pin> Id, Answer<Stored<Pin>?> There)> pins, long seq, CancellationToken cancellation)
    {
        var boards = (await store.FindManyUncachedAsync(
            pins.Select(p => p.There.Value).OfType<Stored<Pin>>().Select(p => p.Body.Board).Distinct(), cancellation))
            .OfType<Stored<Board>>().ToDictionary(b => b.Id, b => b.Body);
        var counts = await _counts.OfManyAsync(
            pins.Where(p => p.There.Value is not null).Select(p => p.Id), cancellation);
        return pins.Select(p => p.There.Value is { } pin && boards.GetValueOrDefault(pin.Body.Board) is { } board
            ? OfPin(p.Id, pin.Body, board, Popularity.Of(counts[p.Id]), seq)
            : SearchDocument.Gone(p.Id.Untyped, seq));
    }

    async Task<IEnumerable<SearchDocument>> OfUsersAsync(
        List<(ObjectId<User> Id, Answer<Stored<User>?> There)> users, long seq, CancellationToken cancellation)
    {
        var found = users.Where(u => u.There.Value is not null).ToList();
        if (found.Count == 0)
            return users.Select(u => SearchDocument.Gone(u.Id.Untyped, seq));
        var lists = store.Read();
        var entries = found.ConvertAll(u => lists.Page(UserHasCredentials, u.Id, new PageRequest(1)));
        await lists.ExecuteAsync(cancellation);
        var credentials = (await store.FindManyUncachedAsync(
            entries.SelectMany(e => e.Value.Items).Select(e => e.To), cancellation)).OfType<Stored<Credentials>>()
            .ToDictionary(c => c.Id);
        var disabled = found.Zip(entries)
            .Where(u => u.Second.Value.Items is [var entry]
                && credentials.GetValueOrDefault(entry.To) is { Body.DisabledAt: not null })
            .Select(u => u.First.Id).ToHashSet();
        return users.Select(u => u.There.Value is { } user && !disabled.Contains(u.Id)
            ? OfUser(u.Id, user.Body, seq) : SearchDocument.Gone(u.Id.Untyped, seq));
    }

    static SearchDocument OfPin(ObjectId<Pin> id, Pin pin, Board board, long popularity, long seq)
    {
        var tags = TagsOf(pin);
        var tagWords = string.Join(' ', tags.Select(t => t.Name));
        return new SearchDocument(id.Untyped, seq)
        {
            Owner = pin.Owner,
            Board = pin.Board,
            IsPublic = !pin.IsSecret && !board.IsSecret,
            Words = IndexedText.WordsOf(pin.Title, pin.Description, tagWords, HostOf(pin.Link)),
            Stems = IndexedText.StemsOf(pin.Title, pin.Title, pin.Description, tagWords),
            Title = IndexedText.WordsOf(pin.Title),
            BoardName = IndexedText.WordsOf(board.Name),
            Tags = tags,
            Colour = pin.Picture is { State: PictureState.Ready } ? ColourName.Of(pin.Picture.Colour) : null,
            Kind = PinKind.Of(pin),
            At = pin.CreatedAt,
            Popularity = popularity,
            PictureHash = pin.Picture is { State: PictureState.Ready } ready ? ready.Hash : null,
            PerceptualHash = pin.Picture is { State: PictureState.Ready } shown ? shown.PerceptualHash : 0,
        };
    }

    static SearchDocument OfBoard(ObjectId<Board> id, Board board, long seq) => new(id.Untyped, seq)
    {
        Owner = board.Owner,
        Board = id,
        IsPublic = !board.IsSecret,
        Words = IndexedText.WordsOf(board.Name, board.Description),
        Stems = IndexedText.StemsOf(board.Name, board.Name, board.Description),
        Title = IndexedText.WordsOf(board.Name),
        BoardName = IndexedText.WordsOf(board.Name),
        At = board.CreatedAt,
    };

    static SearchDocument OfUser(ObjectId<User> id, User user, long seq) => new(id.Untyped, seq)
    {
        Owner = id,
        IsPublic = true,
        Words = IndexedText.WordsOf(user.DisplayName, user.Username, user.About),
        Stems = IndexedText.StemsOf(user.DisplayName, user.DisplayName, user.About),
        Title = IndexedText.WordsOf(user.DisplayName, user.Username),
        At = user.JoinedAt,
    };

    static List<IndexedTag> TagsOf(Pin pin) => [.. (pin.Tags ?? []).Select(TagName.Find).OfType<TagName>()
        .DistinctBy(tag => tag.Key).Select(tag => new IndexedTag(tag.Key, tag.Name)).OrderBy(tag => tag.Key,
            StringComparer.Ordinal)];

    static string? HostOf(string? link) =>
        Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Host.Split('.') is [.., var site, _] ? site : null;
}
