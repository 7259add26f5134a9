using Pinfold.Lab.Replication;
using Pinfold.Lab.State;

namespace Pinfold.Lab.Fleet;

/// <summary>How a server of a lab is.</summary>
public enum LabServerState
{
    /// <summary>It runs and can be reached.</summary>
    Running,

    /// <summary>It is stopped by a signal; its connections stay.</summary>
    Paused,

    /// <summary>It runs, and nothing passes between it and others.</summary>
    Cut,

    /// <summary>It has no process.</summary>
    Dead,

    /// <summary>It has a process that does not answer: it starts, or something is wrong.</summary>
    Silent,
}

/// <summary>One server of a lab, as it is now.</summary>
/// <param name="Server">As the lab's file has it.</param>
/// <param name="State">How it is.</param>
/// <param name="Role">What it is now, where it says so, else what it was made for.</param>
/// <param name="Follows">The server of the lab that it follows, or the port; null for none.</param>
/// <param name="Replication">How it follows; null for one that follows nobody, or cannot be asked.</param>
public sealed record ServerStatus(
    LabServer Server, LabServerState State, string Role, string? Follows, ReplicaStatus? Replication);
