namespace Pinfold.Lab.Programs;

/// <summary>How to run a MariaDB or MySQL server; the defaults are small and durable.</summary>
public sealed record DatabaseServerOptions
{
    public int BufferPoolMegabytes { get; init; } = 64;

    public int ConnectionsMax { get; init; } = 300;

    /// <summary>
    /// Each commit reaches the disk before it is acknowledged; without, a crash may lose the last second.
    /// </summary>
    public bool IsDurable { get; init; } = true;

    /// <summary>Of its accounts, which are reached on loopback alone.</summary>
    public string Password { get; init; } = "pinfold-test";

    /// <summary>Writes a row-based binary log under this server id; null writes none.</summary>
    public int? BinaryLogServerId { get; init; }

    /// <summary>
    /// Replicates by global transaction ids, as a primary and as a replica; on MariaDB in this domain. Needs a
    /// <see cref="BinaryLogServerId"/>.
    /// </summary>
    public int? GtidDomain { get; init; }

    /// <summary>Starts read-only, as a replica should.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Loads the Spider engine (MariaDB only; Debian's <c>mariadb-plugin-spider</c>).</summary>
    public bool LoadsSpider { get; init; }

    /// <summary>Further options of the server, such as <c>--gtid-mode=ON</c>; they win over the others.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
