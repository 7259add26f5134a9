using System.Data.Common;
using System.Net.Sockets;
using Pinfold.Lab.Programs;
using Pinfold.Lab.Replication;
using Pinfold.Lab.State;

namespace Pinfold.Lab.Fleet;

/// <summary>Asks each server of a lab how it is, past the relay.</summary>
public static class LabStatus
{
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<ServerStatus>> ReadAsync(LabFolder lab, CancellationToken cancellation)
    {
        var programs = LabPrograms.ToAsk(lab.Password);
        return await Task.WhenAll(lab.State.Servers.Select(server => ReadAsync(lab, server, programs, cancellation)));
    }

    static async Task<ServerStatus> ReadAsync(
        LabFolder lab, LabServer server, LabPrograms programs, CancellationToken cancellation)
    {
        var role = server.Kind switch
        {
            LabKind.Memcached => "cache",
            LabKind.Redis => "redis",
            LabKind.Solr => "search",
            _ => server.Of is null ? "primary" : "replica",
        };
        if (!server.HasProcess())
            return new ServerStatus(server, LabServerState.Dead, role, server.Of, null);
        if (server.Process!.IsPaused)
            return new ServerStatus(server, LabServerState.Paused, role, server.Of, null);
        var reached = server.IsCut || !lab.State.HasRelay() ? LabServerState.Cut : LabServerState.Running;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerMax);
        try
        {
            if (!await programs.Of(lab.State, server).IsReadyAsync(server.OwnPort).WaitAsync(limit.Token))
                return new ServerStatus(server, LabServerState.Silent, role, server.Of, null);
            if (server.Kind != LabKind.Database)
                return new ServerStatus(server, reached, role, null, null);
            var replication = await new GtidReplication(programs.Database(lab.State, server))
                .ReadAsync(server.OwnPort, limit.Token);
            return new ServerStatus(
                server, reached, replication is null ? "primary" : "replica", Source(lab.State, replication),
                replication);
        }
        catch (Exception e) when (e is DbException or SocketException or IOException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new ServerStatus(server, LabServerState.Silent, role, server.Of, null);
        }
    }

    static string? Source(LabState state, ReplicaStatus? replication) => replication is null ? null
        : state.Servers.FirstOrDefault(s => s.Port == replication.SourcePort || s.OwnPort == replication.SourcePort)
            ?.Name ?? $"127.0.0.1:{replication.SourcePort}";
}
