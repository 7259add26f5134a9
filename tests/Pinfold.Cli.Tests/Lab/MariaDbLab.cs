using Pinfold.Cli.Tests.Running;
using Xunit;

namespace Pinfold.Cli.Tests.Lab;

/// <summary>A fleet that tests share; each leaves it as it was.</summary>
public sealed class MariaDbLab : IAsyncLifetime
{
    public TestLab Lab { get; } = new();

    /// <summary>What its first start printed.</summary>
    internal Finished Up { get; private set; } = new("", 0, "", "");

    public async ValueTask InitializeAsync() => Up = (await Lab.RunAsync(
        "up", "--servers", "2", "--replicas", "1", "--memcached", "2", "--redis", "1", "--shards", "8")).ShouldEnd(0);

    public ValueTask DisposeAsync() => Lab.DisposeAsync();
}
