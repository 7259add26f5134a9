using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Pinfold.Benchmarks.Pages;

/// <summary>
/// One connection that asks for pages, and reads as little as one must to know where an answer ends: the least that
/// anybody who asks costs, so that it is the server that is measured.
/// </summary>
sealed class PageClient(Uri server) : IDisposable
{
    readonly byte[] _buffer = new byte[1 << 20];
    Socket? _socket;

    /// <summary>Asks, and gives the body of the answer, which lasts until the next.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> GetAsync(ReadOnlyMemory<byte> request)
    {
        if (_socket is null)
        {
            _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await _socket.ConnectAsync(server.Host, server.Port);
        }
        await _socket.SendAsync(request);
        int length = 0, bodyAt = -1, end = -1;
        while (end < 0 || length < end)
        {
            var received = await _socket.ReceiveAsync(_buffer.AsMemory(length));
            MismatchException.Unless(received > 0, "the server hung up");
            length += received;
            if (bodyAt < 0)
            {
                bodyAt = _buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) + 4;
                if (bodyAt < 4)
                {
                    bodyAt = -1;
                    continue;
                }
                MismatchException.Unless(
                    _buffer.AsSpan().StartsWith("HTTP/1.1 200"u8), Encoding.ASCII.GetString(_buffer, 0, bodyAt));
                if (LengthOf(_buffer.AsSpan(0, bodyAt)) is { } body)
                    end = bodyAt + body;
            }
            if (end < 0 && _buffer.AsSpan(0, length).EndsWith("0\r\n\r\n"u8))
                end = length;
        }
        return _buffer.AsMemory(bodyAt, end - bodyAt);
    }

    public void Dispose() => _socket?.Dispose();

    /// <summary>What follows is that long; null where it comes in chunks.</summary>
    static int? LengthOf(ReadOnlySpan<byte> head)
    {
        var name = "Content-Length: "u8;
        var at = head.IndexOf(name);
        if (at < 0)
            return null;
        var number = head[(at + name.Length)..];
        return int.Parse(number[..number.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }
}
