using System.Net;
using System.Net.Sockets;
using System.Text;
using Pinfold.Testing.Proxy;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Testing;

public sealed class ByteProxyTests
{
    [Fact]
    public async Task BytesAndRoundTripsAreCounted()
    {
        await using var proxy = await ByteProxy.StartAsync((await TestServers.MemcachedAsync()).Port);
        using var client = await ConnectAsync(proxy);

        await SendAsync(client, "mn\r\n");
        (await ReceiveAsync(client, 4)).ShouldBe("MN\r\n");
        await SendAsync(client, "mn\r\nmn\r\n");
        (await ReceiveAsync(client, 8)).ShouldBe("MN\r\nMN\r\n");

        proxy.RoundTripCount.ShouldBe(2);
        proxy.BytesSent.ShouldBe(12);
        proxy.BytesReceived.ShouldBe(12);
        proxy.ConnectionCount.ShouldBe(1);
    }

    [Fact]
    public async Task ACutLetsExactlyTheBytesBeforeItPass()
    {
        await using var proxy = await ByteProxy.StartAsync((await TestServers.MemcachedAsync()).Port);
        using var client = await ConnectAsync(proxy);
        var cut = proxy.CutAfterReceived(3);

        await SendAsync(client, "mn\r\n");

        (await ReceiveAsync(client, 4)).ShouldBe("MN\r");
        await cut.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task ACutCommandNeverReachesTheServer()
    {
        var server = await TestServers.MemcachedAsync();
        await using var proxy = await ByteProxy.StartAsync(server.Port);
        using var client = await ConnectAsync(proxy);
        var cut = proxy.CutAfterSent(20);

        await SendAsync(client, "ms byte-proxy-cut 2\r\nhi\r\n");

        (await ReceiveAsync(client, 1)).ShouldBe("");
        await cut.WaitAsync(TimeSpan.FromSeconds(30));
        using var direct = new TcpClient();
        await direct.ConnectAsync(IPAddress.Loopback, server.Port);
        await SendAsync(direct, "mg byte-proxy-cut v\r\n");
        (await ReceiveAsync(direct, 4)).ShouldBe("EN\r\n");
    }

    static async Task<TcpClient> ConnectAsync(ByteProxy proxy)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port);
        return client;
    }

    static async Task SendAsync(TcpClient client, string text) =>
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));

    static async Task<string> ReceiveAsync(TcpClient client, int bytesMax)
    {
        var buffer = new byte[bytesMax];
        var length = await client.GetStream().ReadAtLeastAsync(buffer, bytesMax, throwOnEndOfStream: false);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
