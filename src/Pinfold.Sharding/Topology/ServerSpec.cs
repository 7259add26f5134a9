namespace Pinfold.Sharding.Topology;

/// <summary>
/// One home of shards, as the topology describes it. Compared by value: a server that is equal in two maps may keep
/// its connection pool when the second replaces the first.
/// </summary>
public abstract record ServerSpec
{
    /// <summary>Only the two engines exist: a switch over them needs no third arm.</summary>
    private protected ServerSpec(string name) => Name = name;

    /// <summary>The name that ranges, commands and metrics use; unique in a topology, and without a meaning.</summary>
    public string Name { get; init; }

    /// <summary>Where it is, for a person: <c>10.0.0.1:3306</c>, or the folder.</summary>
    public abstract string Location { get; }
}

/// <summary>A MySQL or MariaDB primary with its replicas; holds a database per shard.</summary>
public sealed record MySqlServerSpec(string Name, HostPort Address, string User) : ServerSpec(Name)
{
    /// <summary>Connections that one process opens to one server at most, unless the topology says otherwise.</summary>
    public const int DefaultConnectionsMax = 32;

    /// <summary>The port when the topology names none.</summary>
    public const int DefaultPort = 3306;

    /// <summary>Where the password is read from; null for an account without one.</summary>
    public PasswordSource? Password { get; init; }

    /// <summary>Servers that follow the primary, with the same user, password and TLS mode; may be empty.</summary>
    public IReadOnlyList<HostPort> Replicas { get; init; } = [];

    /// <summary>Connections that one process opens to the primary at most, and to each replica; 1 to 10,000.</summary>
    public int ConnectionsMax { get; init; } = DefaultConnectionsMax;

    /// <summary>Holds for the primary and for each replica.</summary>
    public TlsMode Tls { get; init; } = TlsMode.Preferred;

    /// <summary>What its databases are called; a map gives all its servers its own.</summary>
    public DatabaseNames Databases { get; init; } = DatabaseNames.Default;

    /// <inheritdoc/>
    public override string Location => Address.ToString();

    /// <inheritdoc/>
    public bool Equals(MySqlServerSpec? other) =>
        other is not null && Name == other.Name && Address == other.Address && User == other.User
        && Password == other.Password && ConnectionsMax == other.ConnectionsMax && Tls == other.Tls
        && Databases == other.Databases && Replicas.SequenceEqual(other.Replicas);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Address);
}

/// <summary>A folder with a SQLite file per shard; <see cref="Folder"/> is an absolute path in a loaded map.</summary>
public sealed record SqliteServerSpec(string Name, string Folder) : ServerSpec(Name)
{
    /// <inheritdoc/>
    public override string Location => Folder;
}
