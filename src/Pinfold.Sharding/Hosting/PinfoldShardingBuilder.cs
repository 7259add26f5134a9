using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Hosting;

/// <summary>
/// Says what a store stands on: its model, its topology, who follows its journal, and what differs from the defaults.
/// The same words for a host (<c>AddPinfoldSharding</c>) and without one (<c>ShardedStore.OpenAsync</c>).
/// </summary>
/// <remarks>Model and topology have to be given; of what is given twice, the last counts.</remarks>
public sealed class PinfoldShardingBuilder
{
    ShardingModel? _model;
    ServiceDescriptor? _topology;
    bool _provisions;

    internal PinfoldShardingBuilder(IServiceCollection services) => Services = services;

    /// <summary>Where followers, and what they need, are registered: the host's, or the store's own.</summary>
    public IServiceCollection Services { get; }

    /// <summary>What the application keeps in shards.</summary>
    public PinfoldShardingBuilder UseModel(ShardingModel model)
    {
        _model = model;
        return this;
    }

    /// <summary>
    /// Takes the map of servers from a file, which is read when the store is made, and then looked at once a second; or
    /// from the catalog, where the file names one.
    /// </summary>
    /// <param name="path">The file; <c>docs/reference/topology.md</c> says what is in it.</param>
    /// <param name="lastKnownGoodPath">
    /// A file on a local disk that this process may write: the copy of the last valid map, for a start without the
    /// file. Null for none.
    /// </param>
    public PinfoldShardingBuilder UseTopologyFile(string path, string? lastKnownGoodPath = null)
    {
        _topology = ServiceDescriptor.Singleton(services => TopologySource.Open(
            path, lastKnownGoodPath, services.GetRequiredService<TimeProvider>(),
            services.GetService<ILoggerFactory>()));
        return this;
    }

    /// <summary>
    /// Keeps all shards as SQLite files in one folder, which is made when there is none: no server is needed.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="shardCount">How many; for ever, for it is part of the meaning of every id.</param>
    public PinfoldShardingBuilder UseEmbedded(string folder, int shardCount = 16)
    {
        _topology = ServiceDescriptor.Singleton(services => TopologySource.OpenEmbedded(
            folder, shardCount, null, services.GetRequiredService<TimeProvider>(),
            services.GetService<ILoggerFactory>()));
        return this;
    }

    /// <summary>Takes the map from a source of the application's own, which also ends it.</summary>
    public PinfoldShardingBuilder UseTopology(ITopologySource source)
    {
        _topology = ServiceDescriptor.Singleton(source);
        return this;
    }

    /// <summary>Adds a follower of the journal, made once, with what <see cref="Services"/> has for it.</summary>
    public PinfoldShardingBuilder AddFollower<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TFollower>()
        where TFollower : class, IFollower
    {
        Services.AddSingleton<IFollower, TFollower>();
        return this;
    }

    /// <summary>Adds a follower that is there already.</summary>
    public PinfoldShardingBuilder AddFollower(IFollower follower)
    {
        Services.AddSingleton(follower);
        return this;
    }

    /// <summary>
    /// Has the start make the shards of a new installation, before anything else starts
    /// (<see cref="ShardProvisioner.EnsureAsync"/>); where some are there and some are not, the start fails.
    /// </summary>
    public PinfoldShardingBuilder ProvisionOnStart()
    {
        _provisions = true;
        return this;
    }

    /// <summary>
    /// Changes defaults. They are ordinary options too:
    /// <c>Services.Configure&lt;PinfoldShardingOptions&gt;(section)</c> takes them from a configuration.
    /// </summary>
    public PinfoldShardingBuilder Configure(Action<PinfoldShardingOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    /// <exception cref="PinfoldException">Invalid: what is missing, by name.</exception>
    internal void Register()
    {
        if (_model is null)
            throw PinfoldException.Invalid(
                "What is kept in shards was not said: call UseModel(model) where AddPinfoldSharding is called.");
        if (_topology is null)
            throw PinfoldException.Invalid(
                "Where the shards are was not said: call UseTopologyFile(path), UseEmbedded(folder) or "
                + "UseTopology(source) where AddPinfoldSharding is called.");
        Services.AddSingleton(_model);
        Services.Add(_topology);
        if (_provisions)
            Services.AddHostedService<ProvisioningService>();
    }
}
