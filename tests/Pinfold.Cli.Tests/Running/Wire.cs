using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Pinfold.Cli.Tests.Running;

/// <summary>A connection on which a test writes what no client would.</summary>
sealed class Wire : IDisposable
{
    readonly TcpClient _client;
    readonly NetworkStream _stream;

    public Wire(Uri address)
    {
        _client = new TcpClient(address.Host, address.Port);
        _stream = _client.GetStream();
    }

    /// <summary>Sends this text, each character a byte, and reads the answer to its end.</summary>
    public static async Task<WireAnswer> AskAsync(Uri address, string request)
    {
        using var wire = new Wire(address);
        await wire.WriteAsync(request);
        return await wire.EndAsync();
    }

    public async Task WriteAsync(string text) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>A line of the answer, before the rest of it.</summary>
    public async Task<string> ReadLineAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var line = new StringBuilder();
        var one = new byte[1];
        while (await _stream.ReadAsync(one, limit.Token) == 1 && one[0] != '\n')
            line.Append((char)one[0]);
        return line.ToString().TrimEnd('\r');
    }

    /// <summary>
    /// Reads what is answered until the service closes. The request has to ask for that: who closes its own side first
    /// is taken for gone.
    /// </summary>
    public async Task<WireAnswer> EndAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var received = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(received, limit.Token);
        }
        catch (IOException)
        {
            // It was closed with something unread; what had been answered is here.
        }
        return new WireAnswer(Encoding.UTF8.GetString(received.ToArray()));
    }

    /// <summary>Goes away without a word.</summary>
    public void Break() => _client.Client.Close(timeout: 0);

    public void Dispose() => _client.Dispose();
}

/// <summary>What came back, headers and all.</summary>
sealed record WireAnswer(string Text)
{
    /// <summary>0 when there was none.</summary>
    public int Status => Text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
        ? int.Parse(Text.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;
}
