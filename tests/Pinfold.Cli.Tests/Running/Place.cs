using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Hosting;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Store;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Shouldly;
using Person = Pinfold.Pinboard.User;

namespace Pinfold.Cli.Tests.Running;

/// <summary>An installation of one test: a data folder, and with servers a topology file.</summary>
sealed class Place : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    readonly TempFolder _folder = new("place");
    readonly List<IAsyncDisposable> _servers = [];

    public string Data => _folder["data"];

    public string? TopologyFile { get; set; }

    /// <summary>For files of the test beside the installation.</summary>
    public string this[string name] => _folder[name];

    public static Place Embedded() => new();

    /// <summary>On SQLite, MySQL or MariaDB; the latter two with two Memcached servers.</summary>
    public static async Task<Place> OnAsync(string engine)
    {
        if (engine == "SQLite")
            return Embedded();
        var place = new Place();
        var fleet = await Fleet.StartAsync(engine);
        place._servers.AddRange(fleet.Caches);
        await File.WriteAllTextAsync(place["password"], fleet.Password);
        place.TopologyFile = place["topology.json"];
        await File.WriteAllTextAsync(place.TopologyFile, fleet.Topology(place["password"]));
        return place;
    }

    /// <summary>
    /// Writes a topology of two shards in SQLite with a Redis for these roles, as they stand in it; gives its path.
    /// </summary>
    public async Task<string> WriteTopologyAsync(string roles)
    {
        await File.WriteAllTextAsync(this["topology.json"], $$"""
            {
              "version": 1, "shardCount": 2,
              "servers": [ { "name": "here", "engine": "sqlite", "folder": "shards" } ],
              "shards": [ { "first": 0, "last": 1, "server": "here", "epoch": 1 } ],
              "redis": { {{roles}} },
            }
            """);
        return this["topology.json"];
    }

    /// <summary>Embedded, but with one Redis for every role.</summary>
    public static async Task<Place> WithRedisAsync(RedisServer redis)
    {
        var place = Embedded();
        place.TopologyFile = await place.WriteTopologyAsync($$"""
            "feeds": { "server": "{{redis.Address}}" }, "counters": { "server": "{{redis.Address}}" },
            "rateLimits": { "server": "{{redis.Address}}" }
            """);
        return place;
    }

    /// <summary>The words of a command, and where it works.</summary>
    public string[] Words(params string[] words) =>
        [.. words, "--data", Data, .. TopologyFile is { } file ? (string[])["--topology", file] : []];

    public Task<Finished> RunAsync(params string[] words) => PinfoldProgram.RunAsync(Words(words));

    public Task<Finished> RunWithInputAsync(string input, params string[] words) =>
        PinfoldProgram.RunAsync(Words(words), input);

    /// <summary>Imports without the network; gives its report, whatever the exit code says.</summary>
    public async Task<Report> ImportAsync(string kind, string source, string user)
    {
        var finished = await RunAsync("import", kind, source, "--user", user, "--no-fetch", "--json");
        finished.Code.ShouldBeOneOf([0, 6], finished.ToString());
        var report = new Report(finished.Json);
        finished.Code.ShouldBe(report.Number("refused") == 0 ? 0 : 6, finished.ToString());
        return report;
    }

    /// <summary>Imports again what <paramref name="first"/> is the report of.</summary>
    public async Task ShouldAddNothingAsync(string kind, string source, string user, Report first) =>
        (await ImportAsync(kind, source, user)).ShouldHaveAddedNothing(first);

    /// <summary>Opens the same installation in this process, beside the executable.</summary>
    public async Task<OpenPlace> OpenAsync()
    {
        var installation = await Installation.OpenAsync(
            Data, TopologyFile, NullLoggerFactory.Instance, CancellationToken.None);
        var services = new ServiceCollection().AddLogging()
            .AddPinboard(installation, settings => settings.FollowJournal = false).BuildServiceProvider();
        await services.GetRequiredService<ShardProvisioner>().EnsureAsync();
        return new OpenPlace(installation, services);
    }

    /// <summary>Makes users as `user add` does, without a process for each.</summary>
    public async Task AddUsersAsync(params string[] names)
    {
        await using var opened = await OpenAsync();
        foreach (var name in names)
        {
            using var scope = opened.Services.CreateScope();
            var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
            (await users.CreateAsync(new Account { Username = name }, Password)).Succeeded.ShouldBeTrue();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>An installation opened in this process.</summary>
sealed class OpenPlace(Installation installation, ServiceProvider services) : IAsyncDisposable
{
    public IServiceProvider Services => services;

    public ShardedStore Store => services.GetRequiredService<ShardedStore>();

    public async Task<ObjectId<Person>> UserAsync(string name) =>
        (await services.GetRequiredService<UserService>().GetAsync(name, CancellationToken.None)).Id;

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await installation.DisposeAsync();
    }
}
