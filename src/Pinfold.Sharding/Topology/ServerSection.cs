using Pinfold.Sharding.Topology.Reading;

namespace Pinfold.Sharding.Topology;

/// <summary>Reads "servers": each by itself, then that no two are the same place.</summary>
sealed class ServerSection(string baseFolder, DatabaseNames databases, ProblemList problems)
{
    static readonly string[] SharedNames = ["name", "engine"];
    static readonly string[] SqliteNames = ["folder"];
    static readonly string[] MySqlNames =
        ["host", "port", "user", "passwordEnv", "passwordFile", "replicas", "maxConnections", "tls"];

    readonly List<(ServerSpec Spec, SourceObject Source)> _servers = [];
    readonly Dictionary<string, int> _nameOffsets = new(StringComparer.Ordinal);

    public ServerSpec[] Servers => [.. _servers.Select(server => server.Spec)];

    /// <summary>Every name that could be read, of servers with other problems too: ranges may refer to it.</summary>
    public IReadOnlyCollection<string> Names => _nameOffsets.Keys;

    /// <summary>False when a server's name could not be read, so that a range's unknown name proves nothing.</summary>
    public bool NamesAreComplete { get; private set; } = true;

    public void Read(SourceObject root)
    {
        const string right = "a list of servers: [ { \"name\": …, \"engine\": … } ]";
        var items = root.List("servers", right, required: true);
        NamesAreComplete = items is not null;
        if (items is { Count: 0 })
            root.Refuse("servers", "\"servers\" is empty: add at least one server.");
        foreach (var item in items ?? [])
            ReadServer(item);
        RefuseSharedPlaces();
    }

    void ReadServer(SourceNode item)
    {
        if (SourceObject.Open(item, "this server", problems) is not { } source)
        {
            NamesAreComplete = false;
            return;
        }
        var name = ReadName(source);
        switch (ReadEngine(source))
        {
            case "mysql":
                source.RefuseUnknown([.. SharedNames, .. MySqlNames], property => Explain(property, SqliteNames,
                    "a sqlite server", "mysql"));
                ReadMySql(source, name);
                break;
            case "sqlite":
                source.RefuseUnknown([.. SharedNames, .. SqliteNames], property => Explain(property, MySqlNames,
                    "a mysql server", "sqlite"));
                ReadSqlite(source, name);
                break;
            default:
                source.RefuseUnknown([.. SharedNames, .. MySqlNames, .. SqliteNames],
                    property => Explain(property, [], "", ""));
                break;
        }
    }

    string? ReadName(SourceObject source)
    {
        const string right = "1 to 64 letters, digits, dots, dashes and underscores";
        var name = source.Text("name", right);
        if (name is not null && !IsName(name))
        {
            source.Refuse("name", $"\"name\" is {SourceNode.Quote(name)}: it should be {right}.");
            name = null;
        }
        if (name is null)
            NamesAreComplete = false;
        else if (!_nameOffsets.TryAdd(name, source.OffsetOf("name")))
            source.Refuse("name", $"a server is called \"{name}\" already, on line "
                + $"{problems.LineOf(_nameOffsets[name])}: give each its own name.");
        return name;
    }

    public static bool IsName(string text) =>
        text.Length <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    static string? ReadEngine(SourceObject source)
    {
        const string right = "\"mysql\" (for MariaDB too) or \"sqlite\"";
        var engine = source.Text("engine", right);
        if (engine is null or "mysql" or "sqlite")
            return engine;
        source.Refuse("engine", $"\"engine\" is {SourceNode.Quote(engine)}: it should be {right}.");
        return null;
    }

    static string? Explain(string property, string[] others, string whose, string engine) =>
        property is "password"
            ? SecretProperties.NotHere
            : others.Contains(property)
                ? $"\"{property}\" belongs to {whose}, but this one's engine is \"{engine}\": remove one of the two."
                : null;

    void ReadSqlite(SourceObject source, string? name)
    {
        if (source.Text("folder", "the folder of its files, relative to this file") is not { } folder)
            return;
        if (SecretProperties.Absolute(source, "folder", folder, baseFolder) is { } path && name is not null)
            _servers.Add((new SqliteServerSpec(name, path), source));
    }

    void ReadMySql(SourceObject source, string? name)
    {
        var host = source.Text("host", "a host name or address, without the port");
        if (host is not null && !HostPort.IsHost(host))
        {
            source.Refuse("host", $"\"host\" is {SourceNode.Quote(host)}: it should be a host name or address; "
                + "the port stands in \"port\".");
            host = null;
        }
        var port = source.Number("port", 1, 65535, "a whole number from 1 to 65535", MySqlServerSpec.DefaultPort);
        var user = source.Text("user", "the account that Pinfold uses there");
        var password = SecretProperties.Password(source, baseFolder);
        var replicas = AddressList.Read(source, "replicas", problems);
        var connections = source.Number("maxConnections", 1, 10_000, "a whole number from 1 to 10000",
            MySqlServerSpec.DefaultConnectionsMax);
        var tls = ReadTls(source);
        if (name is null || host is null || port is null || user is null || connections is null || tls is null)
            return;
        _servers.Add((new MySqlServerSpec(name, new HostPort(host, (int)port), user)
        {
            Password = password,
            Replicas = replicas.AsReadOnly(),
            ConnectionsMax = (int)connections,
            Tls = tls.Value,
            Databases = databases,
        }, source));
    }

    static TlsMode? ReadTls(SourceObject source)
    {
        const string right = "\"none\", \"preferred\", \"required\", \"verifyCa\" or \"verifyFull\"";
        if (!source.Has("tls"))
            return TlsMode.Preferred;
        var text = source.Text("tls", right);
        TlsMode? mode = text switch
        {
            "none" => TlsMode.None,
            "preferred" => TlsMode.Preferred,
            "required" => TlsMode.Required,
            "verifyCa" => TlsMode.VerifyCa,
            "verifyFull" => TlsMode.VerifyFull,
            _ => null,
        };
        if (text is not null && mode is null)
            source.Refuse("tls", $"\"tls\" is {SourceNode.Quote(text)}: it should be {right}.");
        return mode;
    }

    /// <summary>Two servers at one place would give one database two epochs.</summary>
    void RefuseSharedPlaces()
    {
        var places = new Dictionary<object, (string Name, int Offset)>();
        foreach (var (spec, source) in _servers)
        {
            object place = spec is MySqlServerSpec mysql ? mysql.Address : spec.Location;
            if (!places.TryAdd(place, (spec.Name, source.Offset)))
                source.Refuse(spec is MySqlServerSpec ? "host" : "folder",
                    $"\"{spec.Name}\" is at {spec.Location}, where \"{places[place].Name}\" on line "
                    + $"{problems.LineOf(places[place].Offset)} is: list a server once.");
        }
        foreach (var (spec, source) in _servers)
            foreach (var replica in (spec as MySqlServerSpec)?.Replicas ?? [])
                if (places.TryGetValue(replica, out var primary))
                    source.Refuse("replicas", $"the replica {replica} is the primary of \"{primary.Name}\": "
                        + "a replica is a server that holds no shards of its own.");
    }
}
