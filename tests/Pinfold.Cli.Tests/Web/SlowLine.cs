using System.Net;
using System.Net.Sockets;

namespace Pinfold.Cli.Tests.Web;

/// <summary>A line to the service over which answers come a few bytes at a time, as over a poor connection.</summary>
sealed class SlowLine : IAsyncDisposable
{
    const int PieceBytes = 256;
    static readonly TimeSpan BetweenPieces = TimeSpan.FromMilliseconds(5);

    readonly Uri _target;
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stopping = new();
    readonly List<Task> _relays = [];
    readonly Task _accepting;

    public SlowLine(string target)
    {
        _target = new Uri(target);
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    public string Address { get; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        await Task.WhenAll(_relays);
        _listener.Dispose();
        _stopping.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _relays.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    async Task RelayAsync(TcpClient browser)
    {
        using var service = new TcpClient { NoDelay = true };
        using (browser)
            try
            {
                browser.NoDelay = true;
                await service.ConnectAsync(_target.Host, _target.Port, _stopping.Token);
                var (near, far) = (browser.GetStream(), service.GetStream());
                await Task.WhenAny(near.CopyToAsync(far, _stopping.Token), TrickleAsync(far, near));
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // The browser went on to another page, or the test is over.
            }
    }

    async Task TrickleAsync(Stream from, Stream to)
    {
        var piece = new byte[PieceBytes];
        while (await from.ReadAsync(piece, _stopping.Token) is > 0 and var count)
        {
            await to.WriteAsync(piece.AsMemory(0, count), _stopping.Token);
            await Task.Delay(BetweenPieces, _stopping.Token);
        }
    }
}
