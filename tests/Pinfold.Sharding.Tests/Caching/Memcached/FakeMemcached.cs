using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pinfold.Sharding.Tests.Caching.Memcached;

/// <summary>
/// A listener that greets as memcached does and then answers every command line as its test says. An answer that ends
/// with <see cref="HangUp"/> is the last on its connection.
/// </summary>
sealed class FakeMemcached : IAsyncDisposable
{
    public const char HangUp = '\0';

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Func<string, Task<string>> _answer;
    readonly TcpClient _filling = new();
    Task _accepting = Task.CompletedTask;

    FakeMemcached(Func<string, Task<string>> answer, int backlog)
    {
        _answer = answer;
        _listener.Start(backlog);
    }

    public FakeMemcached(Func<string, Task<string>> answer)
        : this(answer, backlog: 100) => Accept();

    public FakeMemcached(Func<string, string> answer)
        : this(command => Task.FromResult(answer(command)))
    {
    }

    /// <summary>One whose queue of connections is full: whoever connects waits until <see cref="Accept"/>.</summary>
    public static async Task<FakeMemcached> StartBusyAsync(Func<string, string> answer)
    {
        var fake = new FakeMemcached(command => Task.FromResult(answer(command)), backlog: 0);
        await fake._filling.ConnectAsync((IPEndPoint)fake._listener.LocalEndpoint);
        return fake;
    }

    public void Accept() => _accepting = AcceptAsync();

    public string Address => _listener.LocalEndpoint.ToString()!;

    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>A hit whose value is its key.</summary>
    public static string HitFor(string command) =>
        command.Split(' ') is ["mg", var key, .., var opaque] ? $"VA {key.Length} c7 {opaque}\r\n{key}\r\n" : "";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _filling.Dispose();
        _listener.Dispose();
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (true)
                served.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
        }
        await Task.WhenAll(served);
    }

    async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        try
        {
            while (await reader.ReadLineAsync(_stop.Token) is { } command)
            {
                Commands.Enqueue(command);
                var answer = command == "mn" ? "MN\r\n" : await _answer(command).WaitAsync(_stop.Token);
                await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(answer.TrimEnd(HangUp)), _stop.Token);
                if (answer.EndsWith(HangUp))
                    return;
            }
        }
        catch (Exception cause) when (cause is IOException or OperationCanceledException)
        {
        }
    }
}
