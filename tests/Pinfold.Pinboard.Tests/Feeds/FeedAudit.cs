using System.Globalization;
using Pinfold.Pinboard.Feeds;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Tests.Feeds;

/// <summary>
/// Whether homes are what the shards imply: as the store keeps them, with the feeds of large sources, and as their
/// owners are shown them page by page.
/// </summary>
sealed class FeedAudit
{
    /// <summary>
    /// A feed is cut off when one of eight pins says so: that so many in a row do not is as good as impossible.
    /// </summary>
    const int UncutMax = 150;

    const int All = 1_000_000;

    static readonly HashSet<long> NoneApart = [];

    readonly TestPinboard _pinboard;
    readonly RawFeeds _raw;
    readonly FeedLimits _limits;
    readonly HashSet<FeedSource> _looked = [];
    readonly List<string> _differences = [];

    FeedAudit(TestPinboard pinboard, RawFeeds raw) =>
        (_pinboard, _raw, _limits) = (pinboard, raw, pinboard.Get<FeedLimits>());

    /// <summary>Every difference, for a person.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>How many homes were kept before they were asked for.</summary>
    public int Kept { get; private set; }

    /// <summary>How many sources were merged into homes.</summary>
    public int Large => _looked.Count;

    /// <summary>Looks at the homes of these people, when all has settled.</summary>
    public static async Task<FeedAudit> RunAsync(
        TestPinboard pinboard, RawShards shards, IEnumerable<TestUser> people)
    {
        var audit = new FeedAudit(pinboard, await RawFeeds.ReadAsync(shards));
        foreach (var person in people)
            await audit.LookAsync(person);
        return audit;
    }

    async Task LookAsync(TestUser person)
    {
        var home = FeedKey.Home(person.Id);
        var kept = await KeptAsync(home);
        Kept += kept is null ? 0 : 1;
        var shown = await ShownAsync(person);
        if ((kept ?? await KeptAsync(home)) is not { } part)
        {
            _differences.Add($"the home of {person.Name} is not kept after it was shown");
            return;
        }
        var large = part.Large.Select(source => source.Id.Value).ToHashSet();
        var own = _raw.HomeOf(person.Id.Value, large);
        CompareKept($"the home of {person.Name}", part, own);
        CompareSets($"the large sources of {person.Name}", large, large.Intersect(_raw.SourcesOf(person.Id.Value)));
        CompareSets($"what {person.Name} leaves out",
            part.LeftOut.Select(board => board.Value), _raw.LeftOutBy(person.Id.Value));
        foreach (var source in part.Large)
            await LookAtLargeAsync(source);

        // Each feed that is merged may end below so many pins; down to where the first may, all is shown.
        var end = part.Large.Select(source => _raw.PinsOf(source.Id.Value)).Append(own).Max(EndOf);
        var should = RawFeeds.EachPictureOnce(_raw.HomeOf(person.Id.Value, NoneApart));
        var least = should.Count(pin => pin.Sequence > end);
        CompareInOrder($"what {person.Name} is shown",
            shown, [.. should.Take(Math.Max(least, shown.Count)).Select(pin => pin.Id)]);
    }

    async Task LookAtLargeAsync(FeedSource source)
    {
        if (!_looked.Add(source))
            return;
        var name = string.Create(CultureInfo.InvariantCulture, $"the feed of {source.Id}, which is large,");
        if (await KeptAsync(FeedKey.Recent(source)) is { } part)
            CompareKept(name, part, _raw.PinsOf(source.Id.Value));
        else
            _differences.Add($"{name} is not kept after somebody was shown it");
    }

    void CompareKept(string what, FeedPart part, IReadOnlyList<RawFeeds.RawPin> should)
    {
        CompareInOrder(what, [.. part.Entries.Select(entry => new KeptPin(
            entry.Pin.Value, entry.Author.Value, entry.Board.Value, entry.Sequence, entry.Picture))],
            [.. should.Where(pin => part.Floor is null || pin.Sequence > part.Floor).Select(pin => new KeptPin(
                pin.Id, pin.Owner, pin.Board, pin.Sequence, pin.Picture is null ? 0
                    : ulong.Parse(pin.Picture.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture)))]);
        var least = should.Count(pin => pin.Sequence > EndOf(should));
        var most = (_limits.EntriesMax * 11 / 10) + UncutMax;
        if (part.Entries.Count < least || part.Entries.Count > most)
            _differences.Add(
                $"{what} has {part.Entries.Count} of {should.Count} pins, which should be {least} to {most}");
    }

    /// <summary>A pin as a feed has it.</summary>
    readonly record struct KeptPin(long Id, long Owner, long Board, long Sequence, ulong Picture)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{Id} of {Owner} on {Board} at {Sequence}, picture {Picture:x}");
    }

    void CompareInOrder<T>(string what, IReadOnlyList<T> have, IReadOnlyList<T> want)
    {
        if (have.SequenceEqual(want))
            return;
        if (have.Distinct().Count() == have.Count && have.ToHashSet().SetEquals(want))
            _differences.Add($"{what} is in another order: {string.Join(", ", have)}; not {string.Join(", ", want)}");
        else if (have.Distinct().Count() < have.Count)
            _differences.Add($"{what} has something twice: {string.Join(", ", have)}");
        CompareSets(what, have, want);
    }

    void CompareSets<T>(string what, IEnumerable<T> have, IEnumerable<T> want)
    {
        _differences.AddRange(want.Except(have).Select(one => $"{what} lacks {one}"));
        _differences.AddRange(have.Except(want).Select(one => $"{what} has {one}, and should not"));
    }

    /// <summary>Down to where a feed of these pins goes at least; above that it is whole.</summary>
    long EndOf(IReadOnlyList<RawFeeds.RawPin> pins) =>
        pins.Count <= _limits.EntriesMin ? long.MinValue : pins[_limits.EntriesMin - 1].Sequence;

    async Task<FeedPart?> KeptAsync(FeedKey feed) =>
        (await _pinboard.Get<IFeedStore>().ReadAsync([new FeedRead(feed, null, All)], default))[0];

    async Task<List<long>> ShownAsync(TestUser person)
    {
        var (shown, cursor) = (new List<long>(), default(string));
        do
        {
            var page = await _pinboard.Get<HomeReader>().ReadAsync(person.Viewer, cursor, default);
            if (page.IsPartial)
                _differences.Add($"{person.Name} is shown that something is missing");
            shown.AddRange(page.Pins.Select(pin => pin.Pin.Id.Value));
            cursor = page.Next;
        }
        while (cursor is not null);
        return shown;
    }
}
