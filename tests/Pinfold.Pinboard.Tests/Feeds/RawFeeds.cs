using System.Text.Json;

namespace Pinfold.Pinboard.Tests.Feeds;

/// <summary>
/// What homes must hold, from the rows of the shards alone. It knows mappings and types by their numbers and bodies by
/// the names of their fields, and shares no code with what keeps feeds.
/// </summary>
sealed class RawFeeds
{
    const int FollowsUser = 25, FollowsBoard = 27, LeavesOut = 29, Blocks = 30;
    const int PinType = 1, BoardType = 2;

    readonly ILookup<long, long> _people, _boards, _leftOut, _blocks;
    readonly ILookup<long, RawPin> _byOwner, _byBoard;

    /// <summary>A pin that everybody may see.</summary>
    /// <param name="Id">Which.</param>
    /// <param name="Owner">Whose.</param>
    /// <param name="Board">Which board it is on.</param>
    /// <param name="Sequence">Its place in time.</param>
    /// <param name="Picture">The hash of its picture; null while there is none to show.</param>
    public readonly record struct RawPin(long Id, long Owner, long Board, long Sequence, string? Picture);

    RawFeeds(IReadOnlyList<RawShards.EntryRow> entries, IReadOnlyList<RawPin> pins)
    {
        ILookup<long, long> Lists(int mapping) =>
            entries.Where(e => e.Mapping == mapping).ToLookup(e => e.From, e => e.To);

        (_people, _boards, _leftOut) = (Lists(FollowsUser), Lists(FollowsBoard), Lists(LeavesOut));
        _blocks = entries.Where(e => e.Mapping == Blocks)
            .SelectMany(e => ((long One, long Other)[])[(e.From, e.To), (e.To, e.From)])
            .ToLookup(b => b.One, b => b.Other);
        (_byOwner, _byBoard) = (pins.ToLookup(pin => pin.Owner), pins.ToLookup(pin => pin.Board));
    }

    public static async Task<RawFeeds> ReadAsync(RawShards shards)
    {
        var entries = new List<RawShards.EntryRow>();
        foreach (var mapping in (int[])[FollowsUser, FollowsBoard, LeavesOut, Blocks])
            entries.AddRange((await shards.EntriesAsync(mapping, mapping)).Where(e => e is { To: not 0, N: null }));
        var boards = (await shards.LiveBodiesAsync(BoardType)).Where(board => !IsSecret(Parsed(board.Body)))
            .Select(board => board.Id).ToHashSet();
        var pins = (await shards.LiveBodiesAsync(PinType)).Select(pin => (pin.Id, Body: Parsed(pin.Body)))
            .Where(pin => !IsSecret(pin.Body)).Select(pin => PinOf(pin.Id, pin.Body))
            .Where(pin => boards.Contains(pin.Board)).ToList();
        return new RawFeeds(entries, pins);
    }

    /// <summary>The people and boards that somebody follows.</summary>
    public IReadOnlySet<long> SourcesOf(long person) => _people[person].Concat(_boards[person]).ToHashSet();

    /// <summary>The boards that somebody leaves out.</summary>
    public IReadOnlySet<long> LeftOutBy(long person) => _leftOut[person].ToHashSet();

    /// <summary>
    /// What somebody's home is made of, the newest first and of one time the greater id; without what comes by the
    /// sources that are kept apart. A picture may be in it more than once.
    /// </summary>
    public IReadOnlyList<RawPin> HomeOf(long person, IReadOnlySet<long> apart)
    {
        var (leftOut, blocked) = (LeftOutBy(person), _blocks[person].ToHashSet());
        var ofPeople = _people[person].Where(source => !apart.Contains(source))
            .SelectMany(source => _byOwner[source]).Where(pin => !leftOut.Contains(pin.Board));
        var ofBoards = _boards[person].Where(source => !apart.Contains(source))
            .SelectMany(source => _byBoard[source]);
        return InOrder(ofPeople.Concat(ofBoards).Where(pin => !blocked.Contains(pin.Owner)).Distinct());
    }

    /// <summary>What a person has pinned, or what is on a board, in the same order.</summary>
    public IReadOnlyList<RawPin> PinsOf(long source) => InOrder(_byOwner[source].Concat(_byBoard[source]));

    /// <summary>Each picture once, where it is newest.</summary>
    public static IReadOnlyList<RawPin> EachPictureOnce(IEnumerable<RawPin> pins)
    {
        var pictures = new HashSet<string>();
        return [.. pins.Where(pin => pin.Picture is not { } picture || pictures.Add(picture))];
    }

    static List<RawPin> InOrder(IEnumerable<RawPin> pins) =>
        [.. pins.OrderByDescending(pin => pin.Sequence).ThenByDescending(pin => pin.Id)];

    static RawPin PinOf(long id, JsonElement body) => new(
        id, Id(body, "owner"), Id(body, "board"),
        body.TryGetProperty("order", out var order)
            ? order.GetInt64() : body.GetProperty("createdAt").GetDateTimeOffset().ToUnixTimeMilliseconds(),
        body.TryGetProperty("picture", out var picture) && picture.TryGetProperty("state", out var state)
            && state.GetString() == "Ready" ? picture.GetProperty("hash").GetString() : null);

    static long Id(JsonElement body, string field) => long.Parse(body.GetProperty(field).GetString()!, null);

    static bool IsSecret(JsonElement body) => body.TryGetProperty("isSecret", out var secret) && secret.GetBoolean();

    static JsonElement Parsed(byte[] body) => JsonDocument.Parse(body).RootElement;
}
