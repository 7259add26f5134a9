using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Journal;

/// <summary>
/// Tells a reader of a journal that what comes next for it is gone. Numbers have no gaps, and the newest rows are never
/// trimmed: so a reader whose next row is missing learns it from the one that it gets instead.
/// </summary>
static class JournalBegin
{
    /// <summary>One round trip more, only where the next row is missing.</summary>
    /// <exception cref="JournalTrimmedException">The journal begins behind the row that was to come next.</exception>
    public static async ValueTask RefuseTrimmedAsync(JournalRead read, Func<ShardRead, Task> ask)
    {
        if (read.Rows is not [var next, ..] || next.Seq == read.After + 1)
            return;
        var begin = new JournalRead(read.Shard, 0, 1);
        await ask(begin);
        if (begin.Rows is [var first] && first.Seq > read.After + 1)
            throw new JournalTrimmedException(read.Shard, read.After, first.Seq);
    }
}
