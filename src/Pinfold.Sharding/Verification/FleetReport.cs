namespace Pinfold.Sharding.Verification;

/// <summary>How a fleet is verified.</summary>
public sealed record VerifyOptions
{
    /// <summary>How many rows are read a second at most; 0 for no limit.</summary>
    public int RowsPerSecond { get; init; }

    /// <summary>
    /// How long to wait for followers, or a replica, that do not go on. What they have not done yet is told as such
    /// then.
    /// </summary>
    public TimeSpan LagMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many findings of one check are kept of a shard; all are counted.</summary>
    public int FindingsMax { get; init; } = 1000;
}

/// <summary>The names of the checks, in the order in which they are reported.</summary>
public static class VerifyChecks
{
    /// <summary>A shard's row says what the map says, and no other server has it open.</summary>
    public const string Epochs = "epochs";

    /// <summary>What operations leave beside shards is of one that has not ended.</summary>
    public const string Marks = "marks";

    /// <summary>Tables, columns and indexes are as this program makes them.</summary>
    public const string Schema = "schema";

    /// <summary>
    /// Journal numbers have no gaps and end where the shard's row says, each row can be read, no transaction is there
    /// twice, no object is beyond the numbers that were handed out.
    /// </summary>
    public const string Journal = "journal";

    /// <summary>Each list has as many entries as its count says.</summary>
    public const string Counts = "counts";

    /// <summary>Each entry of a mapping that has a reverse is there on the other end's shard too.</summary>
    public const string Forward = "forward";

    /// <summary>Each entry of a reverse mapping has the one that it is the reverse of.</summary>
    public const string Reverse = "reverse";

    /// <summary>Both ends of each entry are objects that there are.</summary>
    public const string Dangling = "dangling";

    /// <summary>Each name's owner is there and claimed it, and each claimed name is its owner's.</summary>
    public const string Names = "names";

    /// <summary>Each replica that the map names has the same rows.</summary>
    public const string Replicas = "replicas";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Epochs, Marks, Schema, Journal, Counts, Forward, Reverse, Dangling, Names, Replicas];
}

/// <summary>What a finding means.</summary>
public enum FindingKind
{
    /// <summary>It is wrong.</summary>
    Fault,

    /// <summary>It may be as the application wants it.</summary>
    Note,

    /// <summary>It could not be looked at, or a follower has yet to do its part.</summary>
    NotJudged,
}

/// <summary>What a verification found.</summary>
/// <param name="Shards">In the order in which they were looked at.</param>
/// <param name="IsWhole">False where it was ended before its end.</param>
public sealed record FleetReport(IReadOnlyList<ShardReport> Shards, bool IsWhole)
{
    /// <summary>How many faults there are, those too that are not kept as findings.</summary>
    public long Faults => Shards.Sum(shard => shard.Checks.Sum(check => check.Faults));

    /// <summary>How many things could not be judged.</summary>
    public long NotJudged => Shards.Sum(shard => shard.Checks.Sum(check => check.NotJudged));
}

/// <summary>What was found of a shard.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Server">Where the map has it.</param>
/// <param name="Checks">All checks, in the order of <see cref="VerifyChecks.All"/>.</param>
/// <param name="Findings">At most <see cref="VerifyOptions.FindingsMax"/> of each check.</param>
public sealed record ShardReport(
    ShardId Shard, string Server, IReadOnlyList<CheckReport> Checks, IReadOnlyList<Finding> Findings);

/// <summary>A check of a shard in numbers.</summary>
/// <param name="Name">One of <see cref="VerifyChecks"/>.</param>
/// <param name="LookedAt">How many rows, lists or entries, as the check has them.</param>
/// <param name="Faults">How many are wrong.</param>
/// <param name="Notes">How many notes there are.</param>
/// <param name="NotJudged">How many could not be judged.</param>
public sealed record CheckReport(string Name, long LookedAt, long Faults, long Notes, long NotJudged);

/// <summary>Something that was found.</summary>
/// <param name="Check">By which check.</param>
/// <param name="Kind">What it means.</param>
/// <param name="Shard">On which shard.</param>
/// <param name="What">In plain words.</param>
/// <param name="ToDo">What would put it right, or how to find out; empty where nothing is to be done.</param>
public sealed record Finding(string Check, FindingKind Kind, ShardId Shard, string What, string ToDo)
{
    /// <summary>Whether <see cref="FleetVerifier.RepairAsync"/> puts it right, as <see cref="ToDo"/> says.</summary>
    public bool CanBeRepaired => Repair is not null;

    internal Repair? Repair { get; init; }
}

/// <summary>What became of a finding that was to be repaired.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Problem">Why it was not; null if it is right now.</param>
public sealed record RepairedFinding(Finding Finding, string? Problem);
