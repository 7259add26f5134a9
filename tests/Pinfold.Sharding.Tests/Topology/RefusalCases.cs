using static Pinfold.Sharding.Tests.Topology.RefusalCase;

namespace Pinfold.Sharding.Tests.Topology;

/// <summary>Every way in which a first topology is refused. The reference page shows the same messages.</summary>
static class RefusalCases
{
    const string MySql = """{ "name": "db1", "engine": "mysql", "host": "10.0.0.1", "user": "pinfold" """;
    const string PrefixWanted =
        "a lower-case letter and up to 29 more of a-z, 0-9 and _, not ending in five digits";
    const string ServersWanted = """a list of servers: [ { "name": …, "engine": … } ]""";
    const string RangesWanted = """a list of ranges: [ { "first": …, "last": …, "server": …, "epoch": … } ]""";

    public static IEnumerable<RefusalCase> All =>
        [.. Text, .. Head, .. Servers, .. MySqlServers, .. Shards, .. Cache, .. Catalog,
            .. RedisRefusalCases.All];

    static IEnumerable<RefusalCase> Text =>
    [
        new("an empty file", " \n ",
            (1, "the file is empty: a topology is an object with version, servers and shards.")),
        new("broken JSON", "{\n  \"version\" 1\n}",
            (2, "this is not JSON: '1' is invalid after a property name. Expected a ':'.")),
        new("text after the end", "{ }\n{ }",
            (2, "this is not JSON: '{' is invalid after a single JSON value. Expected end of data.")),
        new("half a surrogate pair", "{\n  \"version\": \"\\ud800\"\n}",
            (2, "this text has half of a surrogate pair: write the character itself.")),
        new("a list instead of an object", "[]", (1, "the topology is a list: it should be an object, { … }.")),
    ];

    static IEnumerable<RefusalCase> Head =>
    [
        new("an unknown property", File(head: """  "version": 1, "shardCuont": 16, "shardCount": 16,"""),
            (2, "\"shardCuont\" is not known here; did you mean \"shardCount\"?")),
        new("an unknown property that is near none", File(head: """  "version": 1, "shardCount": 16, "colour": 3,"""),
            (2, "\"colour\" is not known here; there is version, shardCount, nameShards, databasePrefix, "
                + "servers, shards, cache, redis, catalog.")),
        new("a property twice", File(head: "  \"version\": 1,\n  \"version\": 2, \"shardCount\": 16,"),
            (3, "\"version\" is here twice, first on line 2: keep one.")),
        new("no version", File(head: """  "shardCount": 16,"""),
            (1, "the topology has no \"version\": add it; it is a whole number from 1 up, raised with each change.")),
        new("a version of another type", File(head: """  "version": "1", "shardCount": 16,"""),
            (2, "\"version\" is \"1\": it should be a whole number from 1 up, raised with each change.")),
        new("version 0", File(head: """  "version": 0, "shardCount": 16,"""),
            (2, "\"version\" is 0: it should be a whole number from 1 up, raised with each change.")),
        new("a fraction", File(head: """  "version": 1.5, "shardCount": 16,"""),
            (2, "\"version\" is 1.5: it should be a whole number from 1 up, raised with each change.")),
        new("a shardCount of 0", File(head: """  "version": 1, "shardCount": 0,"""),
            (2, "\"shardCount\" is 0: it should be a whole number from 1 to 65536.")),
        new("a shardCount beyond the id", File(head: """  "version": 1, "shardCount": 65537,"""),
            (2, "\"shardCount\" is 65537: it should be a whole number from 1 to 65536.")),
        new("no nameShards at all", File(head: """  "version": 1, "shardCount": 16, "nameShards": 0,"""),
            (2, "\"nameShards\" is 0: it should be a whole number from 1 to 16, the shardCount.")),
        new("more nameShards than shards", File(head: """  "version": 1, "shardCount": 16, "nameShards": 17,"""),
            (2, "\"nameShards\" is 17: it should be a whole number from 1 to 16, the shardCount.")),
        new("a prefix in capitals", File(head: """  "version": 1, "shardCount": 16, "databasePrefix": "Pins","""),
            (2, $"\"databasePrefix\" is \"Pins\": it should be {PrefixWanted}.")),
        new("a prefix that is SQL", File(head: """  "version": 1, "shardCount": 16, "databasePrefix": "a;b","""),
            (2, $"\"databasePrefix\" is \"a;b\": it should be {PrefixWanted}.")),
        new("a prefix with a line end", File(head: """  "version": 1, "shardCount": 16, "databasePrefix": "a\n","""),
            (2, $"\"databasePrefix\" is \"a\ufffd\": it should be {PrefixWanted}.")),
        new("a prefix of 31 letters",
            File(head: """  "version": 1, "shardCount": 16, "databasePrefix": "abcdefghijklmnopqrstuvwxyzabcde","""),
            (2, $"\"databasePrefix\" is \"abcdefghijklmnopqrstuvwxyzabcde\": it should be {PrefixWanted}.")),
        new("a prefix like another's shard",
            File(head: """  "version": 1, "shardCount": 16, "databasePrefix": "pinfold00042","""),
            (2, $"\"databasePrefix\" is \"pinfold00042\": it should be {PrefixWanted}.")),
        new("no prefix at all", File(head: """  "version": 1, "shardCount": 16, "databasePrefix": "","""),
            (2, $"\"databasePrefix\" is \"\": it should be {PrefixWanted}.")),
    ];

    static IEnumerable<RefusalCase> Servers =>
    [
        new("no servers", File(servers: ""),
            (1, $"the topology has no \"servers\": add it; it is {ServersWanted}.")),
        new("an empty list of servers", File(servers: """  "servers": [],"""),
            (3, "\"servers\" is empty: add at least one server.")),
        new("servers of another type", File(servers: """  "servers": { },"""),
            (3, $"\"servers\" is an object: it should be {ServersWanted}.")),
        new("a server of another type", WithServers("""{ "name": "db1", "engine": "sqlite", "folder": "a" }""", "7"),
            (5, "this server is 7: it should be an object, { … }.")),
        new("a server without a name", WithServers("""{ "engine": "sqlite", "folder": "a" }"""),
            (4, "this server has no \"name\": add it; it is 1 to 64 letters, digits, dots, dashes and underscores.")),
        new("a server name with a blank", WithServers("""{ "name": "db 1", "engine": "sqlite", "folder": "a" }"""),
            (4, "\"name\" is \"db 1\": it should be 1 to 64 letters, digits, dots, dashes and underscores.")),
        new("a server without an engine", WithServers("""{ "name": "db1", "folder": "a" }"""),
            (4, "this server has no \"engine\": add it; it is \"mysql\" (for MariaDB too) or \"sqlite\".")),
        new("an engine that does not exist", WithServers("""{ "name": "db1", "engine": "MySQL" }"""),
            (4, "\"engine\" is \"MySQL\": it should be \"mysql\" (for MariaDB too) or \"sqlite\".")),
        new("a server name twice", WithServers(
            """{ "name": "db1", "engine": "sqlite", "folder": "a" }""",
            """{ "name": "db1", "engine": "sqlite", "folder": "b" }"""),
            (5, "a server is called \"db1\" already, on line 4: give each its own name.")),
        new("a sqlite server without a folder", WithServers("""{ "name": "db1", "engine": "sqlite" }"""),
            (4, "this server has no \"folder\": add it; it is the folder of its files, relative to this file.")),
        new("a folder that is no path", WithServers("""{ "name": "db1", "engine": "sqlite", "folder": "a\u0000b" }"""),
            (4, "\"folder\" has a zero character: it should be a path.")),
        new("a folder twice", WithServers(
            """{ "name": "db1", "engine": "sqlite", "folder": "/srv/a" }""",
            """{ "name": "db2", "engine": "sqlite", "folder": "/srv/b/../a/" }"""),
            (5, "\"db2\" is at /srv/a, where \"db1\" on line 4 is: list a server once.")),
        new("a host for sqlite", WithServers("""
            { "name": "db1", "engine": "sqlite", "folder": "a",
              "host": "10.0.0.1" }
            """),
            (5, "\"host\" belongs to a mysql server, but this one's engine is \"sqlite\": remove one of the two.")),
    ];

    static IEnumerable<RefusalCase> MySqlServers =>
    [
        new("a password in the file", WithServers(MySql + ",\n\"password\": \"hunter2\" }"),
            (5, "a password does not stand in the topology, which is copied and shown: put it into an environment "
                + "variable and name that by \"passwordEnv\", or into a file and name that by \"passwordFile\".")),
        new("two places for one password", WithServers(
            MySql + ",\n\"passwordEnv\": \"A\",\n\"passwordFile\": \"b\" }"),
            (6, "both \"passwordEnv\" and \"passwordFile\" are given: keep one.")),
        new("a folder for mysql", WithServers(MySql + ",\n\"folder\": \"a\" }"),
            (5, "\"folder\" belongs to a sqlite server, but this one's engine is \"mysql\": remove one of the two.")),
        new("a misspelt property of a server", WithServers(MySql + ",\n\"maxConections\": 3 }"),
            (5, "\"maxConections\" is not known here; did you mean \"maxConnections\"?")),
        new("no host", WithServers("""{ "name": "db1", "engine": "mysql", "user": "pinfold" }"""),
            (4, "this server has no \"host\": add it; it is a host name or address, without the port.")),
        new("a port in the host", WithServers("""{ "name": "db1", "engine": "mysql", "host": "a:1", "user": "u" }"""),
            (4, "\"host\" is \"a:1\": it should be a host name or address; the port stands in \"port\".")),
        new("no user", WithServers("""{ "name": "db1", "engine": "mysql", "host": "10.0.0.1" }"""),
            (4, "this server has no \"user\": add it; it is the account that Pinfold uses there.")),
        new("a port out of range", WithServers(MySql + ",\n\"port\": 70000 }"),
            (5, "\"port\" is 70000: it should be a whole number from 1 to 65535.")),
        new("no connections", WithServers(MySql + ",\n\"maxConnections\": 0 }"),
            (5, "\"maxConnections\" is 0: it should be a whole number from 1 to 10000.")),
        new("a TLS mode that does not exist", WithServers(MySql + ",\n\"tls\": \"on\" }"),
            (5, "\"tls\" is \"on\": it should be "
                + "\"none\", \"preferred\", \"required\", \"verifyCa\" or \"verifyFull\".")),
        new("one replica instead of a list", WithServers(MySql + ",\n\"replicas\": \"10.0.0.2:3306\" }"),
            (5, "\"replicas\" is \"10.0.0.2:3306\": it should be a list of \"host:port\".")),
        new("a replica without a port", WithServers(MySql + ",\n\"replicas\": [ \"10.0.0.2\" ] }"),
            (5, "\"10.0.0.2\" in \"replicas\" is no address: write \"host:port\", with an IPv6 address in brackets.")),
        new("a replica twice", WithServers(MySql + ",\n\"replicas\": [ \"10.0.0.2:3306\",\n\"10.0.0.2:3306\" ] }"),
            (6, "\"10.0.0.2:3306\" is in \"replicas\" twice: keep one.")),
        new("a replica that is a primary", WithServers(MySql + ",\n\"replicas\": [ \"10.0.0.1:3306\" ] }"),
            (5, "the replica 10.0.0.1:3306 is the primary of \"db1\": "
                + "a replica is a server that holds no shards of its own.")),
        new("a host and port twice", WithServers(MySql + "}",
            """{ "name": "db2", "engine": "mysql", "host": "10.0.0.1", "port": 3306, "user": "other" }"""),
            (5, "\"db2\" is at 10.0.0.1:3306, where \"db1\" on line 4 is: list a server once.")),
    ];

    static IEnumerable<RefusalCase> Shards =>
    [
        new("no shards", File(shards: ""),
            (1, $"the topology has no \"shards\": add it; it is {RangesWanted}.")),
        new("an empty list of shards", File(shards: """  "shards": []"""),
            (4, "\"shards\" is empty: add a range, such as "
                + "{ \"first\": 0, \"last\": 15, \"server\": \"db1\", \"epoch\": 1 }.")),
        new("a range of another type", WithRanges(Range(0, 15), "\"0-15\""),
            (7, "this range is \"0-15\": it should be an object, { … }.")),
        new("a gap", WithRanges(Range(0, 3), Range(8, 15, "db2")),
            (7, "shards 4 to 7 are on no server: add a range with \"first\": 4, \"last\": 7.")),
        new("a gap of one shard at the start", WithRanges(Range(1, 15)),
            (6, "shard 0 is on no server: add a range with \"first\": 0, \"last\": 0.")),
        new("a gap at the end", WithRanges(Range(0, 3), Range(4, 14)),
            (7, "shard 15 is on no server: add a range with \"first\": 15, \"last\": 15.")),
        new("an overlap", WithRanges(Range(0, 9), Range(8, 15, "db2")),
            (7, "shards 8 to 9 are in two ranges: 8 to 15 here, and 0 to 9 on line 6; a shard is in one range.")),
        new("an overlap in another order", WithRanges(Range(8, 15, "db2"), Range(0, 8)),
            (7, "shard 8 is in two ranges: 0 to 8 here, and 8 to 15 on line 6; a shard is in one range.")),
        new("a range inside another", WithRanges(Range(0, 15), Range(3, 5), Range(10, 15)),
            (7, "shards 3 to 5 are in two ranges: 3 to 5 here, and 0 to 15 on line 6; a shard is in one range."),
            (8, "shards 10 to 15 are in two ranges: 10 to 15 here, and 0 to 15 on line 6; a shard is in one range.")),
        new("shards beyond the count", WithRanges(Range(0, 15), Range(16, 31, "db2")),
            (7, "shards 16 to 31 are not there: shardCount is 16, so the last shard is 15.")),
        new("a last shard beyond the count", WithRanges(
            "{ \"first\": 0,\n \"last\": 16, \"server\": \"db1\", \"epoch\": 1 }"),
            (7, "shard 16 is not there: shardCount is 16, so the last shard is 15.")),
        new("a shard beyond the id", WithRanges(Range(0, 15), Range(16, 65536)),
            (7, "\"last\" is 65536: it should be the number of a shard, from 0 to 65535.")),
        new("a range from back to front", WithRanges(Range(15, 0)),
            (6, "\"first\" is 15 and \"last\" is 0: the first comes before the last, or is the same.")),
        new("an unknown server", WithRanges(Range(0, 7), Range(8, 15, "db22")),
            (7, "no server is called \"db22\"; did you mean \"db2\"?")),
        new("an unknown server that is near none", WithRanges(Range(0, 7), Range(8, 15, "mysql-eu")),
            (7, "no server is called \"mysql-eu\"; there is db1, db2.")),
        new("a range without a server", WithRanges("""{ "first": 0, "last": 15, "epoch": 1 }"""),
            (6, "this range has no \"server\": add it; it is the name of a server in \"servers\".")),
        new("a range without an epoch", WithRanges("""{ "first": 0, "last": 15, "server": "db1" }"""),
            (6, "this range has no \"epoch\": add it; it is a whole number from 1 up.")),
        new("epoch 0", WithRanges(Range(0, 15, more: ",\n\"open\": true").Replace("\"epoch\": 1", "\n\"epoch\": 0")),
            (7, "\"epoch\" is 0: it should be a whole number from 1 up.")),
        new("a weight below 0", WithRanges(Range(0, 7), Range(8, 15, more: ",\n\"weight\": -1")),
            (8, "\"weight\" is -1: it should be a whole number from 0 to 1000000.")),
        new("open in quotes", WithRanges(Range(0, 15, more: ", \"open\": \"yes\"")),
            (6, "\"open\" is \"yes\": it should be true or false, without quotes.")),
        new("nothing open", WithRanges(Range(0, 7, more: ", \"open\": false"), Range(8, 15, more: ", \"weight\": 0")),
            (5, "no shard is open with a weight above 0, so new owners have no place: "
                + "set \"open\": true on a range.")),
    ];

    static IEnumerable<RefusalCase> Cache =>
    [
        new("a cache of another type", File(tail: "\n \"cache\": \"10.0.0.9:11211\""),
            (5, "\"cache\" is \"10.0.0.9:11211\": it should be an object, { … }.")),
        new("an unknown property of the cache", File(tail: "\n \"cache\": { \"memcache\": [] }"),
            (5, "\"memcache\" is not known here; did you mean \"memcached\"?")),
        new("a cache server without a port", File(tail: "\n \"cache\": { \"memcached\": [ \"fd00::1\" ] }"),
            (5, "\"fd00::1\" in \"memcached\" is no address: write \"host:port\", with an IPv6 address in brackets.")),
        new("a cache without memory", File(tail: "\n \"cache\": { \"memoryMiB\": 0 }"),
            (5, "\"memoryMiB\" is 0: it should be a whole number from 1 to 1048576, in MiB.")),
    ];

    static IEnumerable<RefusalCase> Catalog =>
    [
        new("a catalog of another type", File(tail: "\n \"catalog\": 1"),
            (5, "\"catalog\" is 1: it should be the name of one of the servers.")),
        new("a catalog on no server", File(tail: "\n \"catalog\": \"db2\""),
            (5, "\"catalog\" is \"db2\", and no server is called so; did you mean \"db1\"?")),
    ];
}
