using Pinfold.Sharding;
using StackExchange.Redis;

namespace Pinfold.Pinboard.Feeds.InRedis;

/// <summary>
/// Turns changes into requests, each a script for as many feeds as may go together: those of one slot in a cluster, and
/// so few that no other request waits long for it.
/// </summary>
sealed class FeedRequests(FeedScripts scripts, FeedNames names, bool isCluster, long nowMs)
{
    /// <summary>How many are sent before their answers are awaited.</summary>
    public const int AtOnceMax = 2000;

    /// <summary>Pins times feeds of one request: some 2 ms of Redis's time.</summary>
    const int StepsMax = 500;

    /// <summary>So few feeds that the next request is made ready while Redis is at this one.</summary>
    const int FeedsMax = 64;

    public IEnumerable<Func<IDatabase, Task>> Of(FeedChange change) => change switch
    {
        PinsAdded added => Of(added),
        PinsRemoved removed => removed.Pins.Chunk(StepsMax).SelectMany(pins => Of(removed.Feeds, pins)),
        SourceChanged source => [Of(scripts.Source, source.Feed, FeedWire.Id(source.Source.Id), source.Seq,
            FeedWire.State(source.Source, source.State), source.Recent)],
        BoardLeftOut board => [Of(scripts.Leave, board.Feed, FeedWire.Id(board.Board), board.Seq,
            board.IsLeftOut ? "1" : "0", board.Recent)],
        FeedsDropped dropped => dropped.Feeds.Select(Drop),
        _ => throw new NotSupportedException($"{change.GetType().Name} is a change that this program does not know."),
    };

    /// <summary>Pin, sequence, record; and again.</summary>
    public static void Add(List<RedisValue> arguments, IReadOnlyList<FeedEntry> entries)
    {
        foreach (var entry in entries)
            arguments.AddRange([FeedWire.Id(entry.Pin), entry.Sequence, FeedWire.Record(entry)]);
    }

    IEnumerable<Func<IDatabase, Task>> Of(PinsAdded added) =>
        from isToTrim in (bool[])[FeedLimits.IsToTrim(added.Entries)]
        from byAuthor in added.Entries.GroupBy(entry => entry.Author)
        from entries in byAuthor.Chunk(StepsMax)
        let arguments = Arguments(byAuthor.Key, entries, isToTrim)
        from feeds in Together(added.Feeds, entries.Length)
        select Evaluate(scripts.Add, feeds, arguments);

    IEnumerable<Func<IDatabase, Task>> Of(IReadOnlyList<FeedKey> feeds, RemovedPin[] pins)
    {
        RedisValue[] arguments = [nowMs, .. pins.SelectMany(
            pin => (RedisValue[])[FeedWire.Id(pin.Pin), FeedWire.Number(pin.Seq)])];
        return Together(feeds, pins.Length).Select(part => Evaluate(scripts.Remove, part, arguments));
    }

    Func<IDatabase, Task> Of(
        string script, FeedKey feed, RedisValue what, long seq, RedisValue state, FeedContent recent)
    {
        var arguments = new List<RedisValue>
        {
            nowMs, what, FeedWire.Number(seq), state, FeedWire.Floor(recent.Floor),
        };
        Add(arguments, recent.Entries);
        return Evaluate(script, [feed], [.. arguments]);
    }

    Func<IDatabase, Task> Drop(FeedKey feed) => db =>
        db.KeyDeleteAsync(names.Both(feed), CommandFlags.DemandMaster);

    RedisValue[] Arguments(ObjectId<User> author, FeedEntry[] entries, bool isToTrim)
    {
        var boards = entries.Select(entry => entry.Board).Distinct().ToList();
        var arguments = new List<RedisValue>
        {
            nowMs, FeedWire.Id(author), isToTrim ? "1" : "0", boards.Count,
        };
        arguments.AddRange(boards.Select(board => FeedWire.Id(board)));
        foreach (var entry in entries)
            arguments.AddRange([
                FeedWire.Id(entry.Pin), boards.IndexOf(entry.Board) + 1, entry.Sequence, FeedWire.Record(entry)]);
        return [.. arguments];
    }

    IEnumerable<FeedKey[]> Together(IReadOnlyList<FeedKey> feeds, int pins) =>
        feeds.GroupBy(feed => isCluster ? FeedNames.BucketOf(feed) : 0)
            .SelectMany(together => together.Chunk(Math.Clamp(StepsMax / pins, 1, FeedsMax)));

    /// <summary>The keys are made when it is sent, while Redis is at the one before.</summary>
    Func<IDatabase, Task> Evaluate(string script, FeedKey[] feeds, RedisValue[] arguments) => db =>
    {
        var keys = new RedisKey[2 * feeds.Length];
        for (var i = 0; i < feeds.Length; i++)
            (keys[2 * i], keys[2 * i + 1]) = (names.Order(feeds[i]), names.Records(feeds[i]));
        return db.ScriptEvaluateAsync(script, keys, arguments, CommandFlags.DemandMaster);
    };
}
