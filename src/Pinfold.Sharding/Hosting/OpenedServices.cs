using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Pinfold.Sharding.Hosting;

/// <summary>What a host would start, stop and dispose, for a store that has none.</summary>
sealed class OpenedServices(ServiceProvider services) : IAsyncDisposable
{
    readonly Stack<IHostedService> _started = new();

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <exception cref="PinfoldException">Invalid: a wrong option; and as what is started says.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            Get<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException e)
        {
            throw new PinfoldException(ErrorKind.Invalid, string.Join(' ', e.Failures), e);
        }
        var hosted = services.GetServices<IHostedService>().ToList();
        foreach (var early in hosted.OfType<IHostedLifecycleService>())
            await early.StartingAsync(cancellation);
        foreach (var service in hosted)
        {
            _started.Push(service);
            await service.StartAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var service))
            await service.StopAsync(CancellationToken.None);
        await services.DisposeAsync();
    }
}
