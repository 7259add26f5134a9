using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Cli.Tests.Running;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Hosting;
using Pinfold.Pinboard.Search.Indexing;
using Pinfold.Pinboard.Search.Lucene;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Telemetry;
using Shouldly;
using Person = Pinfold.Pinboard.User;

namespace Pinfold.Cli.Tests.Secrecy;

/// <summary>The pinboard as <c>serve</c> runs it, within this process: so that a test sees its routes and
/// services.</summary>
sealed class Site : IAsyncDisposable
{
    readonly Installation _installation;
    readonly WebApplication _app;
    readonly MeterListener _listener = new();
    int _roundTrips;

    Site(Installation installation, WebApplication app)
    {
        (_installation, _app) = (installation, app);
        var meters = Get<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Meter.Name == ShardingTelemetry.Name
                && instrument.Name == "pinfold.round_trip.duration")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _roundTrips));
        _listener.Start();
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Every route that it answers.</summary>
    public IReadOnlyList<RouteEndpoint> Routes => [.. ((IEndpointRouteBuilder)_app).DataSources
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];

    /// <summary>Round trips to the servers of the shards, so far.</summary>
    public int RoundTrips => Volatile.Read(ref _roundTrips);

    /// <param name="place">Where.</param>
    /// <param name="follows">Without followers nothing asks a shard but requests.</param>
    public static async Task<Site> StartAsync(Place place, bool follows)
    {
        var installation = await Installation.OpenAsync(
            place.Data, place.TopologyFile, NullLoggerFactory.Instance, CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        PinboardServer.AddServices(builder.Services, installation, settings =>
        {
            settings.FetchFromWeb = false;
            settings.FollowJournal = follows;
        });
        var app = builder.Build();
        PinboardServer.Map(app, PublicAddress.Parse("", ""));
        await app.Services.GetRequiredService<ShardProvisioner>().EnsureAsync();
        await app.StartAsync();
        return new Site(installation, app);
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>All that was written so far is followed, and found.</summary>
    public async Task FollowAsync()
    {
        await Get<FollowerHost>().DrainAsync();
        if (!Get<PinboardSettings>().FollowJournal)
            return;
        while (!(await Get<EmbeddedEngine>().ProgressAsync(default)).IsComplete)
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        var index = Get<EmbeddedEngine>().Serving!;
        for (var shard = 0; shard < Get<ShardedStore>().Topology.ShardCount; shard++)
            (await Get<IndexVerifier>().CompareAsync(index, new ShardId(shard), default)).Differences.ShouldBeEmpty();
    }

    public async Task<ObjectId<Person>> AddUserAsync(string name)
    {
        using var scope = _app.Services.CreateScope();
        var account = new Account { Username = name };
        (await scope.ServiceProvider.GetRequiredService<UserManager<Account>>()
            .CreateAsync(account, Place.Password)).Succeeded.ShouldBeTrue();
        return account.Id;
    }

    public async Task<Browser> SignedInAsync(string name)
    {
        var browser = new Browser(Address);
        var answer = await browser.PostAsync(
            "/sign-in", new() { ["name"] = name, ["password"] = Place.Password });
        answer.ShouldBe(System.Net.HttpStatusCode.Redirect);
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _app.DisposeAsync();
        await _installation.DisposeAsync();
    }
}
