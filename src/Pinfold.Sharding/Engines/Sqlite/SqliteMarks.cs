namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>The mark of a shard that arrives, leaves or has left, in its own file.</summary>
static class SqliteMarks
{
    public const string Table = """
        CREATE TABLE IF NOT EXISTS copy (
          id INTEGER NOT NULL PRIMARY KEY CHECK (id=0),
          role INTEGER NOT NULL, -- 1 arriving, 2 leaving, 3 left
          operation TEXT NOT NULL,
          runner TEXT NOT NULL, -- the process that may change it
          epoch INTEGER NOT NULL);
        """;

    /// <summary>The statement that writes it.</summary>
    public static string Write(ShardMarkRole role, long epoch, MarkHolder by) =>
        $"INSERT OR REPLACE INTO copy VALUES(0,{(int)role},{Text(by.Operation)},{Text(by.Runner)},{epoch});";

    public static (ShardMarkRole Role, MarkHolder By, long Epoch)? Find(SqliteFile file)
    {
        using var there = file.Prepare("SELECT COUNT(*) FROM sqlite_schema WHERE name='copy'");
        there.Next();
        var isMade = there.Int64(0) > 0;
        there.Reset();
        if (!isMade)
            return null;
        using var find = file.Prepare("SELECT role,operation,runner,epoch FROM copy");
        (ShardMarkRole, MarkHolder, long)? found = find.Next()
            ? ((ShardMarkRole)find.Int64(0), new MarkHolder(find.Text(1), find.Text(2)), find.Int64(3)) : null;
        find.Reset();
        return found;
    }

    public static void Refuse(
        SqliteFile file, string server, MarkHolder by, params ReadOnlySpan<ShardMarkRole> roles)
    {
        var found = Find(file);
        if (found is not { } mark || mark.By != by || !roles.Contains(mark.Role))
            throw MarkErrors.NotOurs(file.Shard, server, by,
                found is { } its ? (its.Role, its.By.Operation) : null);
    }

    /// <summary>Has a mark of this operation be this process's.</summary>
    public static void Take(SqliteFile file, MarkHolder by)
    {
        if (Find(file) is { } mark && mark.By.Operation == by.Operation)
            file.Execute(Write(mark.Role, mark.Epoch, by));
    }

    public static void Remove(SqliteFile file) => file.Execute("DELETE FROM copy");

    static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
