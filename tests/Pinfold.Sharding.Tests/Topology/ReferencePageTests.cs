using System.Text;
using System.Text.RegularExpressions;
using Pinfold.Sharding.Topology;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Topology;

public sealed partial class ReferencePageTests
{
    static readonly string Page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs/reference/topology.md"));

    [Fact]
    public void EveryExampleIsAValidTopology()
    {
        var examples = Examples().Matches(Page).Select(match => match.Groups[1].Value).ToArray();

        examples.Length.ShouldBeGreaterThan(3);
        foreach (var example in examples)
            TopologyFile.Check(Encoding.UTF8.GetBytes(example), "/etc/pinfold/topology.json").GetMap();
    }

    [Fact]
    public void EveryRefusalIsOnThePage() =>
        RefusalCases.All.SelectMany(refusal => refusal.Problems).Select(problem => $"`{problem.Message}`")
            .Where(message => !Page.Contains(message, StringComparison.Ordinal)).Distinct().ShouldBeEmpty();

    [Fact]
    public void EveryPropertyThatIsWrittenIsOnThePage() =>
        Properties().Matches(Encoding.UTF8.GetString(Everything().ToJson().Span))
            .Select(match => match.Groups[1].Value).Distinct().Except(Everything().Redis.Keys)
            .Where(name => !Page.Contains($"| `{name}` |", StringComparison.Ordinal)).ShouldBeEmpty();

    [GeneratedRegex("```jsonc?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Examples();

    [GeneratedRegex("\"(\\w+)\":")]
    private static partial Regex Properties();

    static TopologyMap Everything() => TopologyMap.Create(1, 1,
        [
            new SqliteServerSpec("a", "/a"),
            new MySqlServerSpec("b", new HostPort("b", 1), "u") { Password = PasswordSource.FromEnvironment("B") },
            new MySqlServerSpec("c", new HostPort("c", 1), "u") { Password = PasswordSource.FromFile("/c") },
        ],
        [new ShardRange(new ShardId(0), new ShardId(0), "a")],
        redis: new Dictionary<string, RedisSpec>
        {
            ["feeds"] = new RedisClusterSpec([new HostPort("d", 1)])
            {
                User = "u",
                Password = PasswordSource.FromEnvironment("D"),
            },
            ["rateLimits"] = new RedisServerSpec(new HostPort("e", 1)) { Password = PasswordSource.FromFile("/e") },
            ["counters"] = new RedisSentinelSpec([new HostPort("f", 1)], "p")
            {
                SentinelPassword = PasswordSource.FromFile("/f"),
            },
            ["explore"] = new RedisSentinelSpec([new HostPort("f", 1)], "q")
            {
                SentinelPassword = PasswordSource.FromEnvironment("F"),
            },
        });

    static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Pinfold.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
