using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Hosting;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Profiles;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Verification;
using Pinfold.Testing;

namespace Pinfold.Pinboard.Tests;

/// <summary>
/// A whole pinboard without its pages: embedded in a folder of its own, or over the servers of a topology.
/// </summary>
sealed class TestPinboard : IAsyncDisposable
{
    public const int HashIterations = 1000;

    readonly TempFolder _folder;
    readonly Installation _installation;
    readonly ServiceProvider _services;
    bool _follows;

    TestPinboard(TempFolder folder, Installation installation, ServiceProvider services) =>
        (_folder, _installation, _services) = (folder, installation, services);

    public ShardedStore Store => Get<ShardedStore>();

    public BoardService Boards => Get<BoardService>();

    public BoardReader BoardReader => Get<BoardReader>();

    public PinService Pins => Get<PinService>();

    public PinPictures PinPictures => Get<PinPictures>();

    public ProfileReader Profiles => Get<ProfileReader>();

    public UserService Users => Get<UserService>();

    public static async Task<TestPinboard> StartAsync(
        string? topology = null, TimeProvider? time = null, Action<PinboardSettings>? configure = null,
        Action<IServiceCollection>? replace = null)
    {
        var folder = new TempFolder("pinboard");
        if (topology is not null)
            await File.WriteAllTextAsync(folder["topology.json"], topology);
        var installation = await Installation.OpenAsync(
            folder["data"], topology is null ? null : folder["topology.json"], NullLoggerFactory.Instance, default);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMetrics();
        if (time is not null)
            services.AddSingleton(time);
        services.AddPinboard(installation, settings =>
        {
            settings.FetchFromWeb = false;
            configure?.Invoke(settings);
        });
        // A password costs here what it does not cost anybody who guesses.
        services.Configure<PasswordHasherOptions>(hash => hash.IterationCount = HashIterations);
        replace?.Invoke(services);
        var pinboard = new TestPinboard(folder, installation, services.BuildServiceProvider());
        await pinboard.Get<ShardProvisioner>().EnsureAsync();
        return pinboard;
    }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>What <c>pinfold verify</c> says is wrong.</summary>
    public async Task<IReadOnlyList<string>> FindFaultsAsync()
    {
        var report = await Get<FleetVerifier>().VerifyAsync(
            [.. Enumerable.Range(0, Store.Topology.ShardCount).Select(i => new ShardId(i))],
            new VerifyOptions { LagMax = TimeSpan.Zero });
        return [.. report.Shards.SelectMany(shard => shard.Findings).Where(f => f.Kind == FindingKind.Fault)
            .Select(f => $"{f.Check}, shard {f.Shard}: {f.What}")];
    }

    public IEnumerable<IFollower> Followers => _services.GetServices<IFollower>();

    public T Follower<T>() where T : IFollower => Followers.OfType<T>().Single();

    /// <summary>
    /// Runs the followers until they, or those of these names, have handled all that was written so far.
    /// </summary>
    public async Task FollowAsync(params string[] awaited)
    {
        var host = Get<FollowerHost>();
        if (!_follows)
            await host.StartAsync();
        _follows = true;
        await (awaited.Length == 0 ? host.DrainAsync() : host.DrainAsync(awaited));
    }

    /// <summary>The same, until nothing is left of what the followers themselves have written either.</summary>
    public Task SettleAsync() => SettleAsync(() => FollowAsync());

    /// <summary>The same, with followers that another runs.</summary>
    /// <param name="followAsync">Runs them until they have handled all that was written so far.</param>
    public async Task SettleAsync(Func<Task> followAsync)
    {
        for (long? before = null; ;)
        {
            await followAsync();
            var written = (await Get<ShardStatusReader>().ReadAsync()).Sum(shard => shard.LastSeq);
            if (written == before)
                return;
            before = written;
        }
    }

    /// <summary>No follower asks a server any more.</summary>
    public async Task StopFollowingAsync()
    {
        if (_follows)
            await Get<FollowerHost>().StopAsync();
        _follows = false;
    }

    public async Task<TestUser> AddUserAsync(string name)
    {
        using var scope = _services.CreateScope();
        var account = new Account { Username = name };
        var result = await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().CreateAsync(account);
        return result.Succeeded
            ? new TestUser(account.Id, name)
            : throw new InvalidOperationException(string.Join(' ', result.Errors.Select(e => e.Description)));
    }

    public Task<ObjectId<Board>> AddBoardAsync(TestUser owner, string name, bool isSecret = false) =>
        Boards.CreateAsync(owner.Id, name, null, isSecret, default);

    public Task<ObjectId<Pin>> AddPinAsync(
        TestUser owner, ObjectId<Board> board, string title = "", bool isSecret = false) =>
        Pins.CreateAsync(owner.Id, new NewPin(board) { Title = title, IsSecret = isSecret }, default);

    /// <summary>A page of a board.</summary>
    public async Task<PinPage> PageAsync(
        Viewer viewer, ObjectId<Board> board, ObjectId<Section> section = default, string? cursor = null) =>
        await BoardReader.PinsAsync(viewer, await Store.GetAsync(board), section, cursor, default);

    public async ValueTask DisposeAsync()
    {
        await StopFollowingAsync();
        await _services.DisposeAsync();
        await _installation.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>Somebody, and what they are as a viewer.</summary>
sealed record TestUser(ObjectId<User> Id, string Name)
{
    public Viewer Viewer => new(Id);
}
