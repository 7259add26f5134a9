using System.Text.Json.Serialization;
using Pinfold.Lab.Processes;

namespace Pinfold.Lab.State;

/// <summary>Which databases a lab runs.</summary>
public enum LabEngine
{
    MariaDb,
    MySql,
}

/// <summary>All that a lab knows of itself, kept in its folder as <c>lab.json</c>.</summary>
public sealed record LabState
{
    /// <summary>Which shape of this file is read and written.</summary>
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    public required LabEngine Engine { get; init; }

    /// <summary>Of the topology, when it is written.</summary>
    public required int ShardCount { get; init; }

    /// <summary>Rises with each change that the relay has to take up.</summary>
    public int Revision { get; init; }

    /// <summary>The process that stands before all servers.</summary>
    public ProcessIdentity? Relay { get; init; }

    /// <summary>In the order in which they are listed.</summary>
    public IReadOnlyList<LabServer> Servers { get; init; } = [];

    /// <summary>The same with another server in the place of the one that has its name.</summary>
    public LabState With(LabServer server) =>
        this with { Servers = [.. Servers.Select(s => s.Name == server.Name ? server : s)] };

    /// <summary>Whether its servers can be reached.</summary>
    public bool HasRelay() => Relay is { IsAlive: true };

    public IEnumerable<LabServer> OfKind(LabKind kind) => Servers.Where(server => server.Kind == kind);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LabState))]
sealed partial class LabJson : JsonSerializerContext;
