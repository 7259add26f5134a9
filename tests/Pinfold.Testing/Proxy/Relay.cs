using System.Net.Sockets;

namespace Pinfold.Testing.Proxy;

/// <summary>One connection through a proxy: two pumps that end together.</summary>
abstract class Relay(TcpProxy proxy, Socket client, Socket server)
{
    readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource _stop = new();
    volatile bool _isServerKept;

    protected Stream Client { get; } = new NetworkStream(client);

    protected Stream Server { get; } = new NetworkStream(server);

    public Task Done => _done.Task;

    /// <summary>
    /// Pumps until either side closes; gives the failure when the proxy did not understand the bytes.
    /// </summary>
    public async Task<Exception?> RunAsync()
    {
        var failures = await Task.WhenAll(GuardAsync(PumpClientAsync), GuardAsync(PumpServerAsync));
        client.Dispose();
        if (!_isServerKept)
            server.Dispose();
        _done.SetResult();
        return failures.FirstOrDefault(failure => failure is not null);
    }

    /// <summary>Ends both sides with an orderly FIN, as the kernel does for a process that dies.</summary>
    public void Close()
    {
        ShutDown(client);
        if (!_isServerKept)
            ShutDown(server);
        _stop.Cancel();
    }

    /// <summary>Client to server.</summary>
    protected abstract Task PumpClientAsync(CancellationToken cancellation);

    /// <summary>Server to client.</summary>
    protected abstract Task PumpServerAsync(CancellationToken cancellation);

    protected Task DelayAsync(CancellationToken cancellation) =>
        proxy.Delay > TimeSpan.Zero ? Task.Delay(proxy.Delay, cancellation) : Task.CompletedTask;

    protected void Cut(ArmedCut cut)
    {
        if (cut.Point.ServerSideStaysOpen)
        {
            _isServerKept = true;
            proxy.KeepParted(server);
        }
        Close();
        cut.Complete();
    }

    /// <summary>
    /// Sends to a server side that was kept, and that no more comes; waits for the end of what it answers.
    /// </summary>
    protected async Task DeliverAsync(byte[] bytes)
    {
        await Done;
        await Server.WriteAsync(bytes);
        server.Shutdown(SocketShutdown.Send);
        await Server.CopyToAsync(Stream.Null);
    }

    static bool IsEnd(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or OperationCanceledException;

    // Disposing instead, while a pump reads, would send a reset.
    static void ShutDown(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other side was faster.
        }
    }

    async Task<Exception?> GuardAsync(Func<CancellationToken, Task> pump)
    {
        try
        {
            await pump(_stop.Token);
            return null;
        }
        catch (Exception e) when (IsEnd(e))
        {
            return null; // one side went away, which is what this proxy is for
        }
        catch (Exception e)
        {
            return e;
        }
        finally
        {
            Close();
        }
    }
}
