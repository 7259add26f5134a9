using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Pinfold.Lab.Relays;

/// <summary>
/// One connection to a server. While it is cut no byte passes, and neither side learns that the other has closed: a
/// pulled cable, not a closed door.
/// </summary>
sealed class RelayedConnection(Socket client, int serverPort)
{
    const int BufferBytes = 64 * 1024;

    readonly Gate _gate = new();

    /// <summary>From which port of this machine it comes.</summary>
    public int ClientPort { get; } = ((IPEndPoint)client.RemoteEndPoint!).Port;

    /// <summary>The server of the lab that opened it; null for anybody else, and as long as nobody asked.</summary>
    public string? Owner { get; set; }

    public void Cut(bool isCut) => _gate.Set(isOpen: !isCut);

    /// <summary>Hands bytes on until both sides are done, or one is gone.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await _gate.PassAsync(ended.Token);
            await server.ConnectAsync(IPAddress.Loopback, serverPort, ended.Token);
            client.NoDelay = server.NoDelay = true;
            await Task.WhenAll(PumpAsync(client, server, ended), PumpAsync(server, client, ended));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // A reset, as by a machine on which nobody listens, or whose server has died.
            client.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        finally
        {
            client.Dispose();
        }
    }

    async Task PumpAsync(Socket from, Socket to, CancellationTokenSource ended)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (true)
            {
                await _gate.PassAsync(ended.Token);
                var count = await from.ReceiveAsync(buffer, ended.Token);
                await _gate.PassAsync(ended.Token);
                if (count == 0)
                    break;
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), ended.Token);
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            await _gate.PassAsync(ended.Token); // the other side hears of it when the cable is in again
            await ended.CancelAsync();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
