using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Pinfold.Testing.Proxy;

/// <summary>
/// Follows one MySQL connection packet by packet, counts its commands, and cuts it where a cut is armed.
/// </summary>
sealed class MySqlRelay(CuttingProxy proxy, Socket client, Socket server) : Relay(proxy, client, server)
{
    readonly Session _session = new();

    /// <summary>Replies that the server still owes; a client may send on without waiting.</summary>
    readonly ConcurrentQueue<Reply> _owed = new();

    /// <summary>The client hears nothing more, however fast the server is.</summary>
    volatile bool _isSilent;

    protected override async Task PumpClientAsync(CancellationToken cancellation)
    {
        var reader = new PacketReader(Client);
        var output = new MemoryStream();
        var isContinuation = false;
        while (await reader.ReadAsync(cancellation) is { } packet)
        {
            if (!isContinuation && _session.IsLoggingIn)
                _session.OnLoginPacket(packet.Payload);
            else if (!isContinuation && TakeCommand(ref packet) is { } cut)
            {
                await CutCommandAsync(cut, packet, output, cancellation);
                return;
            }
            isContinuation = packet.IsContinued;
            output.Write(packet.Bytes);
            if (!reader.HasPacket)
                await SendAsync(output, cancellation);
        }
    }

    /// <summary>
    /// Counts the command and says whether the connection ends with it; a cut in its reply comes later.
    /// </summary>
    ArmedCut? TakeCommand(ref Packet packet)
    {
        var command = _session.ReadCommand(packet);
        var cut = proxy.Count(command, isRoundTrip: command.AwaitsReply && _owed.IsEmpty);
        if (cut?.Point.Kind is CutKind.BeforeCommand or CutKind.InsideCommand or CutKind.WhileRunning)
            return cut;
        if (cut?.Point.Kind == CutKind.AfterStatement)
            packet = Shorten(packet, cut.Point.Amount);
        if (command.Kind == CommandKind.ChangeUser)
            _session.BeginLogin();
        else if (command.AwaitsReply)
            _owed.Enqueue(new Reply(command, _session) { Cut = cut });
        return null;
    }

    async Task CutCommandAsync(ArmedCut cut, Packet packet, MemoryStream output, CancellationToken cancellation)
    {
        if (cut.Point.Kind == CutKind.InsideCommand)
            output.Write(packet.Bytes.AsSpan(0, Math.Min(cut.Point.Amount, packet.Bytes.Length - 1)));
        else if (cut.Point.Kind == CutKind.WhileRunning)
            output.Write(packet.Bytes);
        _isSilent = true;
        await SendAsync(output, cancellation);
        if (cut.Point.IsDeliveredLater)
            KeepFor(cut, packet);
        Cut(cut);
    }

    void KeepFor(ArmedCut cut, Packet packet)
    {
        if (cut.Point is not { Kind: CutKind.BeforeCommand, ServerSideStaysOpen: true } || packet.IsContinued)
            throw new NotSupportedException($"Cannot keep a command for later: {cut.Point}.");
        cut.Keep(() => DeliverAsync(packet.Bytes));
    }

    async Task SendAsync(MemoryStream output, CancellationToken cancellation)
    {
        await DelayAsync(cancellation);
        await FlushAsync(output, Server, cancellation);
    }

    /// <summary>The query with its first statements only: what a server runs that dies after them.</summary>
    Packet Shorten(Packet packet, int statements)
    {
        var start = _session.SqlStart(packet);
        var ends = SqlStatements.Ends(packet.Payload[start..]);
        if (packet.First != (byte)CommandKind.Query || packet.IsContinued || statements < 1 || statements > ends.Count)
        {
            throw new NotSupportedException(
                $"Cannot cut after statement {statements} of {ends.Count} in a {(CommandKind)packet.First}.");
        }
        var end = ends[statements - 1];
        return packet.Shortened(start + end.Length, SqlStatements.Closing(packet.Payload[start..], end));
    }

    protected override async Task PumpServerAsync(CancellationToken cancellation)
    {
        var reader = new PacketReader(Server);
        var output = new MemoryStream();
        if (await reader.ReadAsync(cancellation) is not { } greeting)
            return;
        var isRefusal = greeting.First == 0xff;
        await Client.WriteAsync((isRefusal ? greeting : Session.WithoutSecrets(greeting)).Bytes, cancellation);
        while (await reader.ReadAsync(cancellation) is { } packet)
        {
            if (_isSilent)
                continue;
            if (_session.IsLoggingIn)
                _session.OnLoginReply(packet);
            else if (_owed.TryPeek(out var reply))
            {
                PassReply(reply, packet, output);
                if (reply.HasEnded && reply.Cut is { } cut)
                {
                    await FlushAsync(output, Client, cancellation);
                    Cut(cut);
                    return;
                }
                if (!reader.HasPacket)
                    await FlushAsync(output, Client, cancellation);
                continue;
            }
            output.Write(packet.Bytes);
            await FlushAsync(output, Client, cancellation);
        }
    }

    /// <summary>Follows the reply, and gives the client as much of it as the cut in it leaves.</summary>
    void PassReply(Reply reply, Packet packet, MemoryStream output)
    {
        var statementsBefore = reply.StatementsEnded;
        reply.Read(packet);
        if (reply.HasEnded)
            _owed.TryDequeue(out _);
        var passed = reply.Cut?.Point switch
        {
            null => packet.Bytes.Length,
            { Kind: CutKind.InsideReply, Amount: var bytes } =>
                (int)Math.Clamp(bytes - reply.BytesPassed, 0, packet.Bytes.Length),
            { Kind: CutKind.AfterStatementReply, Amount: var statements } when statementsBefore < statements =>
                packet.Bytes.Length,
            _ => 0,
        };
        reply.BytesPassed += passed;
        output.Write(packet.Bytes.AsSpan(0, passed));
    }

    static async Task FlushAsync(MemoryStream output, Stream to, CancellationToken cancellation)
    {
        await to.WriteAsync(output.GetBuffer().AsMemory(0, (int)output.Length), cancellation);
        output.SetLength(0);
    }
}
