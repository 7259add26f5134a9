using Pinfold.Cli.Tests.Running;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>One running service for the tests of a class.</summary>
public sealed class ServedPlace : IAsyncLifetime
{
    readonly Place _place = Place.Embedded();
    Served? _served;

    internal Uri Address => _served!.Address;

    internal Place Place => _place;

    /// <summary>Where the service puts what it receives while it receives it.</summary>
    internal string TemporaryFolder => Path.Combine(_place.Data, "temporary");

    public async ValueTask InitializeAsync() => _served = await Served.StartAsync(_place);

    public async ValueTask DisposeAsync()
    {
        if (_served is not null)
            await _served.DisposeAsync();
        await _place.DisposeAsync();
    }
}
