using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Catalog;

/// <summary>Finds the catalog's database by the map, and keeps the connection to it.</summary>
sealed class CatalogHome(Func<ServerSpec, Task<IShardServer>> open) : IAsyncDisposable
{
    readonly SemaphoreSlim _turn = new(1);
    (ServerSpec Spec, IShardServer Server)? _opened;

    /// <summary>The database that a map names.</summary>
    /// <exception cref="PinfoldException">
    /// Invalid: the map names none. What opening its server finds wrong, such as a password that is not there.
    /// </exception>
    public async ValueTask<ICatalogDatabase> GetAsync(TopologyMap map, CancellationToken cancellation)
    {
        if (map.CatalogServer is not { } spec)
            throw PinfoldException.Invalid(
                "This topology is what its file says, and is changed there. To have it changed by commands, while all "
                + "processes use it, name the server that is to keep its versions: \"catalog\": \""
                + $"{map.Servers[0].Name}\" in the file, under a new version.");
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_opened is { } there && there.Spec == spec)
                return there.Server.Catalog;
            var server = await open(spec);
            await CloseAsync();
            _opened = (spec, server);
            return server.Catalog;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        await CloseAsync();
        _turn.Release();
    }

    async ValueTask CloseAsync()
    {
        if (_opened is { } there)
            await there.Server.DisposeAsync();
        _opened = null;
    }
}
