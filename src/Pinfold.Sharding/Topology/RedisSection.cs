using Pinfold.Sharding.Topology.Reading;

namespace Pinfold.Sharding.Topology;

/// <summary>Reads "redis": for each role that the application gives one, where it is.</summary>
sealed class RedisSection(string baseFolder, ProblemList problems)
{
    const string WrittenAs = "{ \"server\": … }, { \"sentinels\": …, \"primary\": … } or { \"cluster\": … }";
    static readonly string[] Places = ["server", "sentinels", "cluster"];
    static readonly string[] SentinelNames = ["primary", "sentinelPasswordEnv", "sentinelPasswordFile"];
    static readonly string[] Names = [.. Places, .. SentinelNames, "user", "passwordEnv", "passwordFile", "tls"];

    /// <summary>By role, in the order of their names.</summary>
    public SortedDictionary<string, RedisSpec> Roles { get; } = new(StringComparer.Ordinal);

    public void Read(SourceObject root)
    {
        if (root.Node("redis") is not { } node || SourceObject.Open(node, "\"redis\"", problems) is not { } redis)
            return;
        redis.RefuseUnknown([.. node.Properties.Select(property => property.Name)]);
        foreach (var (role, offset, value) in node.Properties)
            if (!ServerSection.IsName(role))
                problems.Add(offset, $"{SourceNode.Quote(role)} is no role: it should be 1 to 64 letters, digits, "
                    + "dots, dashes and underscores.");
            else if (SourceObject.Open(value, $"the Redis for \"{role}\"", problems) is { } source
                && ReadOne(source) is { } spec)
                Roles[role] = spec;
    }

    RedisSpec? ReadOne(SourceObject source)
    {
        source.RefuseUnknown(Names, name => name is "password" ? SecretProperties.NotHere : null);
        var user = source.Text("user", "the account that Pinfold uses there", required: false);
        var password = SecretProperties.Password(source, baseFolder);
        var tls = ReadTls(source);
        if (user is not null && password is null)
            source.Refuse("user", "\"user\" has no password: name one by \"passwordEnv\" or \"passwordFile\".");
        var given = Places.Where(source.Has).ToList();
        if (given.Count != 1)
        {
            source.Refuse(given.LastOrDefault("redis"), given.Count == 0
                ? $"this Redis is nowhere: write {WrittenAs}."
                : $"\"{given[0]}\" and \"{given[^1]}\" are both given: keep one, as {WrittenAs}.");
            return null;
        }
        foreach (var name in given[0] == "sentinels" ? [] : SentinelNames.Where(source.Has))
            source.Refuse(name, $"\"{name}\" belongs to \"sentinels\", but this Redis has \"{given[0]}\": remove it.");
        return ReadPlace(source, given[0]) is { } place && tls is not null
            ? place with { User = user, Password = password, Tls = tls.Value }
            : null;
    }

    RedisSpec? ReadPlace(SourceObject source, string kind)
    {
        if (kind == "server")
            return ReadAddress(source) is { } address ? new RedisServerSpec(address) : null;
        var addresses = AddressList.Read(source, kind, problems).AsReadOnly();
        if (addresses.Count == 0)
        {
            source.Refuse(kind, $"\"{kind}\" names no address: add at least one \"host:port\".");
            return null;
        }
        if (kind == "cluster")
            return new RedisClusterSpec(addresses);
        var primary = source.Text("primary", "what the Sentinels call the primary");
        var password = SecretProperties.Password(source, baseFolder, "sentinelPasswordEnv", "sentinelPasswordFile");
        return primary is null ? null : new RedisSentinelSpec(addresses, primary) { SentinelPassword = password };
    }

    static HostPort? ReadAddress(SourceObject source)
    {
        const string right = "\"host:port\", with an IPv6 address in brackets";
        if (source.Text("server", right) is not { } text)
            return null;
        if (HostPort.TryParse(text, out var address))
            return address;
        source.Refuse("server", $"\"server\" is {SourceNode.Quote(text)}: it should be {right}.");
        return null;
    }

    static TlsMode? ReadTls(SourceObject source)
    {
        const string right = "\"none\", \"required\", \"verifyCa\" or \"verifyFull\"";
        if (!source.Has("tls"))
            return TlsMode.None;
        var text = source.Text("tls", right);
        TlsMode? mode = text switch
        {
            "none" => TlsMode.None,
            "required" => TlsMode.Required,
            "verifyCa" => TlsMode.VerifyCa,
            "verifyFull" => TlsMode.VerifyFull,
            _ => null,
        };
        if (text is not null && mode is null)
            source.Refuse("tls", $"\"tls\" is {SourceNode.Quote(text)}: it should be {right}.");
        return mode;
    }
}
