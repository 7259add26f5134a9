using System.Text.RegularExpressions;

namespace Pinfold.Sharding.Tests.Style;

/// <summary>
/// Cli to Pinboard to Sharding, never the other way; and adapters know the contract, never one another.
/// </summary>
static class LayerRules
{
    /// <summary>What each project may refer to among ours; what is not listed may refer to anything.</summary>
    static readonly Dictionary<string, string[]> MayRefer = new()
    {
        ["src/Pinfold.Sharding"] = [],
        ["src/Pinfold.Pinboard"] = ["Pinfold.Sharding"],
        ["src/Pinfold.Lab"] = ["Pinfold.Sharding"],
        ["src/Pinfold.Cli"] = ["Pinfold.Lab", "Pinfold.Pinboard", "Pinfold.Sharding"],
    };

    /// <summary>
    /// Words of the outside that belong to one place: word, where it may stand, where it is looked for.
    /// </summary>
    static readonly (string Word, string[] Homes, string Scope)[] Confined =
    [
        ("Microsoft.AspNetCore", [], "src/Pinfold.Sharding"),
        ("Pinfold.Pinboard", [], "src/Pinfold.Sharding"),
        ("Pinfold.Cli", [], "src/Pinfold.Sharding"),
        ("Pinfold.Cli", [], "src/Pinfold.Pinboard"),
        ("Pinfold.Cli", [], "src/Pinfold.Lab"),
        ("Pinfold.Lab", ["src/Pinfold.Lab", "src/Pinfold.Cli/Lab"], "src"),
        ("MySqlConnector", [
            "src/Pinfold.Sharding/Engines/MySql", "src/Pinfold.Lab/Programs", "src/Pinfold.Lab/Replication",
        ], "src"),
        ("Microsoft.Data.Sqlite", ["src/Pinfold.Sharding/Engines/Sqlite"], "src"),
        ("StackExchange", [
            "src/Pinfold.Pinboard/Redis", "src/Pinfold.Pinboard/Feeds/InRedis", "src/Pinfold.Pinboard/Explore/InRedis",
        ], "src"),
    ];

    static readonly string[] Adapters = ["Engines.MySql", "Engines.Sqlite", "Caching.Memory", "Caching.Memcached"];

    public static IEnumerable<Finding> ProjectReferences(SourceFile project) =>
        from Match match in Regex.Matches(project.Text, @"<ProjectReference\s+Include=""[^""]*?([^/\\""]+)\.csproj""")
        where MayRefer.TryGetValue(project.Folder, out var allowed) && !allowed.Contains(match.Groups[1].Value)
        select project.At(match.Index, $"{project.Name} must not refer to {match.Groups[1].Value}: "
            + "Cli to Pinboard to Sharding, never the other way.");

    public static IEnumerable<Finding> ConfinedWords(SourceFile file) =>
        from rule in Confined
        where file.IsBelow(rule.Scope) && !rule.Homes.Any(file.IsBelow)
        from Match match in Regex.Matches(file.Code, $@"\b{Regex.Escape(rule.Word)}\b")
        select file.At(match.Index, rule.Homes.Length == 0
            ? $"{rule.Word} must not be known in {rule.Scope}: what is below does not know what is above."
            : $"{rule.Word} belongs in {string.Join(" or ", rule.Homes)}: speak to the contract instead.");

    public static IEnumerable<Finding> AdaptersApart(SourceFile file) =>
        from own in Adapters
        where file.IsBelow("src/Pinfold.Sharding/" + own.Replace('.', '/'))
        from other in Adapters
        where other != own
        let last = other[(other.IndexOf('.', StringComparison.Ordinal) + 1)..]
        from Match match in Regex.Matches(file.Code, $@"\b{Regex.Escape(other)}\b|(?<![\w.]){last}\.[A-Z]")
        select file.At(match.Index, $"{own} must not know {other}: what both need belongs in the contract above them.");
}
