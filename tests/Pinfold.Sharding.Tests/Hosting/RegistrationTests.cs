using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Following;
using Pinfold.Sharding.Topology;
using Pinfold.Testing;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Hosting;

/// <summary>Shards in a host, by the conventions of Microsoft.Extensions.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public async Task AHostWithATopologyFileMakesItsShardsAndFollowsThem()
    {
        using var folder = new TempFolder("host");
        var file = folder["topology.json"];
        await File.WriteAllBytesAsync(
            file, TopologyMap.Embedded(folder["shards"], shardCount: 2).ToJson(), CancellationToken.None);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPinfoldSharding(shards => shards
            .UseModel(Model).UseTopologyFile(file, folder["copy.json"]).AddFollower<TitleCounter>().ProvisionOnStart());
        using var host = builder.Build();

        await host.StartAsync();
        var store = host.Services.GetRequiredService<ShardedStore>();
        await Fleet.WriteAsync(store, store.PickShard());
        await host.Services.GetRequiredService<FollowerHost>().DrainAsync();
        var counter = host.Services.GetServices<IFollower>().OfType<TitleCounter>().Single();
        await host.StopAsync();

        counter.Counted.ShouldBe(1);
        counter.Store.ShouldBe(store, "followers get what the services have");
        File.Exists(folder["copy.json"]).ShouldBeTrue();
    }

    [Fact]
    public async Task ShardsAreThereBeforeAnyOtherServiceStarts()
    {
        using var folder = new TempFolder("host");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHostedService<EarlyWriter>();
        builder.Services.AddPinfoldSharding(Model, shards => shards.UseEmbedded(folder.Path, 2).ProvisionOnStart());
        using var host = builder.Build();

        await host.StartAsync();
        await host.StopAsync();
    }

    [Fact]
    public void WhatIsMissingIsSaidByName()
    {
        Problem(_ => { }).ShouldContain("UseModel");
        Problem(shards => shards.UseModel(Model)).ShouldContain("UseTopologyFile");
        var services = new ServiceCollection();
        services.AddPinfoldSharding(Model, shards => shards.UseEmbedded("/nonexistent"));
        Should.Throw<PinfoldException>(
            () => services.AddPinfoldSharding(Model, shards => shards.UseEmbedded("/nonexistent")))
            .Message.ShouldContain("called before");

        static string Problem(Action<PinfoldShardingBuilder> configure) =>
            Should.Throw<PinfoldException>(() => new ServiceCollection().AddPinfoldSharding(configure)).Message;
    }

    [Fact]
    public async Task AMissingTopologyFileStopsTheStartAndIsNamed()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPinfoldSharding(Model, shards => shards.UseTopologyFile("/nonexistent/topology.json"));
        using var host = builder.Build();

        var error = await Should.ThrowAsync<PinfoldException>(() => host.StartAsync());

        error.Kind.ShouldBe(ErrorKind.NotFound);
        error.Message.ShouldContain("/nonexistent/topology.json");
    }

    [Theory]
    [InlineData("CommitLanes", "0"), InlineData("RoundTripTimeout", "0:00:00"), InlineData("FenceDeadline", "-0:00:01")]
    [InlineData("Followers:Renew", "0:01:00")]
    public async Task AWrongOptionOfAConfigurationStopsTheStartAndIsNamed(string option, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new($"Pinfold:{option}", value)]);
        builder.Services.AddPinfoldSharding(Model, shards => shards.UseEmbedded("/nonexistent")
            .Services.Configure<PinfoldShardingOptions>(builder.Configuration.GetSection("Pinfold")));
        using var host = builder.Build();

        var error = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync());

        error.Message.ShouldContain(option.Split(':')[0]);
    }

    [Fact]
    public void OptionsComeFromAConfigurationAndFromCode()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("CommitLanes", "8"), new("UseCache", "false"), new("Followers:Lease", "0:00:30"),
        ]).Build();
        using var services = new ServiceCollection()
            .Configure<PinfoldShardingOptions>(configuration)
            .AddPinfoldSharding(Model, shards => shards
                .UseEmbedded("/nonexistent").Configure(o => o.FenceDeadline = TimeSpan.FromSeconds(7)))
            .BuildServiceProvider();

        var options = services.GetRequiredService<IOptions<PinfoldShardingOptions>>().Value;

        options.CommitLanes.ShouldBe(8);
        options.UseCache.ShouldBeFalse();
        options.Followers.Lease.ShouldBe(TimeSpan.FromSeconds(30));
        options.FenceDeadline.ShouldBe(TimeSpan.FromSeconds(7));
    }

    sealed class TitleCounter(ShardedStore store) : IFollower
    {
        int _counted;

        public string Name => "titles";

        public ShardedStore Store => store;

        public int Counted => _counted;

        public ValueTask HandleAsync(JournalTransaction transaction, CancellationToken cancellation)
        {
            Interlocked.Add(ref _counted, transaction.Entries.Count(e => e.Kind == JournalEntryKind.Created));
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Is registered, and so started, before the shards.</summary>
    sealed class EarlyWriter(ShardedStore store) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) =>
            Fleet.WriteAsync(store, store.PickShard());

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
