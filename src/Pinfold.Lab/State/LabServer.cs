using Pinfold.Lab.Processes;

namespace Pinfold.Lab.State;

/// <summary>What a server of a lab is for.</summary>
public enum LabKind
{
    Database,
    Memcached,
    Redis,
    Solr,
}

/// <summary>One server of a lab, as its file has it.</summary>
public sealed record LabServer
{
    /// <summary>Also of its folder.</summary>
    public required string Name { get; init; }

    public required LabKind Kind { get; init; }

    /// <summary>
    /// The primary that it was made to follow, also after a promotion; null for everything else.
    /// </summary>
    public string? Of { get; init; }

    /// <summary>
    /// A database's server id; its domain of transaction ids, which replicas share with their primary.
    /// </summary>
    public int Number { get; init; }

    /// <inheritdoc cref="Number"/>
    public int Domain { get; init; }

    /// <summary>Where it is reached: the relay's port.</summary>
    public required int Port { get; init; }

    /// <summary>Where it listens itself.</summary>
    public required int OwnPort { get; init; }

    /// <summary>Which process it last was; it may have ended.</summary>
    public ProcessIdentity? Process { get; init; }

    /// <summary>
    /// Its data is laid down, and a replica knows whom it follows. What is not is made from the beginning.
    /// </summary>
    public bool IsMade { get; init; }

    public bool IsCut { get; init; }

    public string Version { get; init; } = "";

    /// <summary>Whether its process is there, paused or not.</summary>
    public bool HasProcess() => Process is { IsAlive: true };
}
