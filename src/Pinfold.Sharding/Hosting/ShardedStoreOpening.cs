using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Hosting;

/// <summary>Opens a store where there is no host: a console program, a test, a script.</summary>
public static class ShardedStoreOpening
{
    extension(ShardedStore)
    {
        /// <summary>
        /// Makes a store and what it stands on: servers, the cache that the topology names, and followers, which run
        /// from now on. Disposing the store stops and closes all of it, followers in good order.
        /// </summary>
        /// <param name="model">What the application keeps in shards.</param>
        /// <param name="configure">Says at least the topology. Logs go where
        /// <see cref="PinfoldShardingBuilder.Services"/> has them go: nowhere, unless told.</param>
        /// <param name="cancellation">Ends the opening; what was made so far is closed.</param>
        /// <remarks>
        /// No round trip, unless shards are made at the start. A server that does not answer is no error here.
        /// </remarks>
        /// <exception cref="PinfoldException">
        /// Invalid: no topology was given, or a wrong one, or a wrong option. NotFound, Unavailable: its file cannot be
        /// read. What <c>ProvisionOnStart</c> finds wrong.
        /// </exception>
        public static async Task<ShardedStore> OpenAsync(
            ShardingModel model, Action<PinfoldShardingBuilder> configure, CancellationToken cancellation = default)
        {
            var services = new ServiceCollection().AddPinfoldSharding(model, configure);
            services.TryAddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
            services.TryAddSingleton(typeof(ILogger<>), typeof(Logger<>));
            var opened = new OpenedServices(services.BuildServiceProvider());
            try
            {
                await opened.StartAsync(cancellation);
                var store = opened.Get<ShardedStore>();
                store.MadeWith(opened);
                return store;
            }
            catch (Exception)
            {
                await opened.DisposeAsync();
                throw;
            }
        }
    }
}
