namespace Pinfold.Sharding.Following;

/// <summary>
/// Which shards belong to whom, as the tables of leases keep it and people can read it there:
/// <c>names=;pictures=0-15, 17</c>.
/// </summary>
static class ShardLists
{
    public static string Text(IEnumerable<(string Key, IEnumerable<ShardId> Shards)> lists) => string.Join(
        ';', lists.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={ShardRuns.Text(l.Shards)}"));

    /// <exception cref="FormatException">It is no such text.</exception>
    public static Dictionary<string, HashSet<ShardId>> Parse(string text)
    {
        var lists = new Dictionary<string, HashSet<ShardId>>(StringComparer.Ordinal);
        foreach (var list in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var end = list.IndexOf('=', StringComparison.Ordinal);
            if (end < 0)
                throw new FormatException($"\"{list}\" is not somebody's shards, such as names=0-15");
            lists[list[..end]] = [.. ShardRuns.Parse(list[(end + 1)..])];
        }
        return lists;
    }
}
