namespace Pinfold.Sharding.Tests.Topology;

/// <summary>A topology that is wrong in one way, and every problem that must be told: its line and its words.</summary>
public sealed record RefusalCase(string Name, string Json, params (int Line, string Message)[] Problems)
{
    public override string ToString() => Name;

    /// <summary>A right topology of five lines; a case puts something wrong in the place of one of them.</summary>
    public static string File(
        string head = """  "version": 1, "shardCount": 16,""",
        string servers = """  "servers": [ { "name": "db1", "engine": "sqlite", "folder": "one" } ],""",
        string shards = """  "shards": [ { "first": 0, "last": 15, "server": "db1", "epoch": 1 } ],""",
        string tail = "") => string.Join('\n', "{", head, servers, shards + tail, "}");

    /// <summary>The first of these servers begins on line 4.</summary>
    public static string WithServers(params string[] servers) =>
        File(servers: "  \"servers\": [\n" + string.Join(",\n", servers) + "\n  ],");

    /// <summary>The first of these ranges begins on line 6; they may be on "db1" and "db2".</summary>
    public static string WithRanges(params string[] ranges) => File(
        servers: """
              "servers": [ { "name": "db1", "engine": "sqlite", "folder": "one" },
                { "name": "db2", "engine": "sqlite", "folder": "two" } ],
            """,
        shards: "  \"shards\": [\n" + string.Join(",\n", ranges) + "\n  ]");

    public static string Range(int first, int last, string server = "db1", string more = "") =>
        $$"""{ "first": {{first}}, "last": {{last}}, "server": "{{server}}", "epoch": 1{{more}} }""";
}
