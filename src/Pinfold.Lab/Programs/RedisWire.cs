using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pinfold.Lab.Programs;

/// <summary>Speaks to a Redis or a Sentinel without a client, one connection for each command.</summary>
public static class RedisWire
{
    /// <summary>The first line of the answer: <c>+PONG</c>, <c>-ERR …</c>, <c>:1</c>; a text whole.</summary>
    public static async Task<string> AskAsync(int port, string? password, params string[] command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        if (password is not null)
        {
            await SendAsync(stream, ["AUTH", password]);
            await reader.ReadLineAsync();
        }
        await SendAsync(stream, command);
        var line = await reader.ReadLineAsync() ?? "";
        if (line is not ['$', not '-', ..])
            return line;
        var text = new char[int.Parse(line.AsSpan(1), null)];
        await reader.ReadBlockAsync(text);
        return new string(text);
    }

    static async Task SendAsync(NetworkStream stream, string[] command)
    {
        var request = new StringBuilder($"*{command.Length}\r\n");
        foreach (var word in command)
            request.Append($"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()));
    }
}
