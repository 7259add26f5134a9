using static Pinfold.Sharding.Tests.Topology.RefusalCase;

namespace Pinfold.Sharding.Tests.Topology;

/// <summary>Every way in which the Redis of a role is refused; each stands on line 5.</summary>
static class RedisRefusalCases
{
    const string Kinds = """{ "server": … }, { "sentinels": …, "primary": … } or { "cluster": … }""";

    public static IEnumerable<RefusalCase> All =>
    [
        new("a list of Redis", File(tail: "\n \"redis\": []"),
            (5, "\"redis\" is a list: it should be an object, { … }.")),
        new("a role with a space", File(tail: "\n \"redis\": { \"my feeds\": { \"server\": \"a:1\" } }"),
            (5, "\"my feeds\" is no role: it should be 1 to 64 letters, digits, dots, dashes and underscores.")),
        new("a role twice", Feeds("""{ "server": "a:1" }, "feeds": { "server": "a:1" }"""),
            (5, "\"feeds\" is here twice, first on line 5: keep one.")),
        new("a Redis as text", Feeds("\"10.0.0.9:6379\""),
            (5, "the Redis for \"feeds\" is \"10.0.0.9:6379\": it should be an object, { … }.")),
        new("a Redis that is nowhere", Feeds("{ }"), (5, $"this Redis is nowhere: write {Kinds}.")),
        new("a Redis in two places", Feeds("""{ "server": "a:1", "cluster": [ "b:1" ] }"""),
            (5, $"\"server\" and \"cluster\" are both given: keep one, as {Kinds}.")),
        new("an unknown property of a Redis", Feeds("""{ "sever": "a:1", "server": "a:1" }"""),
            (5, "\"sever\" is not known here; did you mean \"server\"?")),
        new("a Redis without a port", Feeds("""{ "server": "10.0.0.9" }"""),
            (5, "\"server\" is \"10.0.0.9\": it should be \"host:port\", with an IPv6 address in brackets.")),
        new("a cluster of none", Feeds("""{ "cluster": [ ] }"""),
            (5, "\"cluster\" names no address: add at least one \"host:port\".")),
        new("Sentinels of nothing", Feeds("""{ "sentinels": [ "a:1" ] }"""),
            (5, "the Redis for \"feeds\" has no \"primary\": add it; it is what the Sentinels call the primary.")),
        new("a primary of a lone server", Feeds("""{ "server": "a:1", "primary": "feeds" }"""),
            (5, "\"primary\" belongs to \"sentinels\", but this Redis has \"server\": remove it.")),
        new("a password of a Redis", Feeds("""{ "server": "a:1", "password": "x" }"""),
            (5, "a password does not stand in the topology, which is copied and shown: put it into an environment "
                + "variable and name that by \"passwordEnv\", or into a file and name that by \"passwordFile\".")),
        new("two passwords of a Redis", Feeds("""{ "server": "a:1", "passwordEnv": "A", "passwordFile": "a" }"""),
            (5, "both \"passwordEnv\" and \"passwordFile\" are given: keep one.")),
        new("an account without a password", Feeds("""{ "server": "a:1", "user": "pinfold" }"""),
            (5, "\"user\" has no password: name one by \"passwordEnv\" or \"passwordFile\".")),
        new("encryption that Redis does not know", Feeds("""{ "server": "a:1", "tls": "preferred" }"""),
            (5, "\"tls\" is \"preferred\": it should be \"none\", \"required\", \"verifyCa\" or \"verifyFull\".")),
    ];

    static string Feeds(string redis) => File(tail: "\n \"redis\": { \"feeds\": " + redis + " }");
}
