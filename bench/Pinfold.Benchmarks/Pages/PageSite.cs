using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Hosting;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Provisioning;
using Pinfold.Testing;
using Pinfold.Testing.Servers;

namespace Pinfold.Benchmarks.Pages;

/// <summary>
/// The whole service in this process: embedded, or on MariaDB, Memcached and Redis. Mira has pins with pictures on some
/// boards; readers follow her.
/// </summary>
sealed class PageSite : IAsyncDisposable
{
    /// <summary>So many, since each may search only so often.</summary>
    public const int Readers = 64;

    const string Password = "a stone wall of our own";
    const int Boards = 5, PinsOnBoard = 30;

    static readonly string[] Titles =
    [
        "Where the road bends", "Dry stone wall, north side", "A sill deep enough for tea", "Notes on drawing water",
        "The long way round by the mill and back before the rain comes in", "Lettering on a barn door",
        "Six things to plant in October", "Half past four, November",
    ];

    readonly TempFolder _folder = new("bench-pages");
    readonly CancellationTokenSource _stop = new();
    readonly List<TestServer> _servers = [];
    Installation? _installation;
    Task _running = Task.CompletedTask;

    public IReadOnlyList<TestServer> Servers => _servers;

    public Uri Address { get; private set; } = null!;

    public string Pin { get; private set; } = "";

    public string BoardPath { get; private set; } = "";

    public async Task StartAsync(string engine)
    {
        var topology = engine == "sqlite" ? null : await StartServersAsync(engine);
        _installation = await Installation.OpenAsync(_folder["data"], topology, NullLoggerFactory.Instance, default);
        await FillAsync(_installation);
        var answering = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _running = Task.Run(() => PinboardServer.RunAsync(
            _installation, "http://127.0.0.1:0", PublicAddress.Unsaid, logging => logging.SetMinimumLevel(LogLevel.None),
            settings =>
            {
                settings.FetchFromWeb = false;
                settings.TrustedProxies = [IPNetwork.Parse("127.0.0.1/32")];
            },
            (addresses, _) => answering.SetResult(addresses[0]), _stop.Token));
        await await Task.WhenAny(answering.Task, _running);
        Address = new Uri(await answering.Task);
    }

    /// <summary>Signs a reader in; gives their cookies.</summary>
    public async Task<string> SignInAsync(int reader)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        http.BaseAddress = Address;
        http.DefaultRequestHeaders.Add("X-Forwarded-For", $"10.1.0.{reader + 1}");
        using var page = await http.GetAsync(new Uri("/sign-in", UriKind.Relative));
        var body = await page.Content.ReadAsStringAsync();
        const string before = "name=\"__RequestVerificationToken\" type=\"hidden\" value=\"";
        var at = body.IndexOf(before, StringComparison.Ordinal) + before.Length;
        var form = new Dictionary<string, string>
        {
            ["name"] = $"reader-{reader}",
            ["password"] = Password,
            ["__RequestVerificationToken"] = body[at..body.IndexOf('"', at)],
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent(form),
        };
        request.Headers.Add("Cookie", CookiesOf(page));
        using var answer = await http.SendAsync(request);
        MismatchException.Unless(
            answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.SeeOther, "a reader could not sign in");
        return $"{CookiesOf(page)}; {CookiesOf(answer)}";
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        if (_installation is not null)
            await _installation.DisposeAsync();
        foreach (var server in _servers)
            await server.DisposeAsync();
        _folder.Dispose();
    }

    static string CookiesOf(HttpResponseMessage answer) => string.Join("; ",
        answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.Select(c => c.Split(';')[0]) : []);

    async Task<string> StartServersAsync(string engine)
    {
        var database = await BenchServers.StartAsync(engine);
        var memcached = await MemcachedServer.StartAsync();
        var redis = await RedisServer.StartAsync();
        _servers.AddRange([database, memcached, redis]);
        return await BenchServers.WriteTopologyAsync(database, _folder, $$"""
            "cache": { "memcached": ["{{memcached.Address}}"] },
              "redis": { "feeds": { "server": "{{redis.Address}}" } },
            """);
    }

    async Task FillAsync(Installation installation)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddPinboard(installation, settings => settings.FetchFromWeb = false);
        using var host = builder.Build();
        await host.Services.GetRequiredService<ShardProvisioner>().EnsureAsync();
        await host.StartAsync();
        using (var scope = host.Services.CreateScope())
            await FillAsync(scope.ServiceProvider);
        await host.Services.GetRequiredService<FollowerHost>().DrainAsync();
        await host.StopAsync();
    }

    async Task FillAsync(IServiceProvider services)
    {
        var mira = await AddAsync(services, "mira", "Mira Holm");
        var (boards, pins) = (services.GetRequiredService<BoardService>(), services.GetRequiredService<PinService>());
        for (var board = 0; board < Boards; board++)
        {
            var on = await boards.CreateAsync(mira, $"Hills {board + 1}", null, isSecret: false, default);
            await pins.CreateManyAsync(
                mira, [.. Enumerable.Range(0, PinsOnBoard).Select(i => Pinned(on, (board * PinsOnBoard) + i))],
                default);
        }
        var newest = await services.GetRequiredService<Sharding.Store.ShardedStore>().PageAsync(
            PinboardModel.UserHasPins, mira, new PageRequest(1), default);
        Pin = $"{newest.Items[0].To}";
        BoardPath = "/mira/hills-1";
        for (var reader = 0; reader < Readers; reader++)
        {
            var person = await AddAsync(services, $"reader-{reader}", $"Reader {reader}");
            await services.GetRequiredService<FollowService>().FollowAsync(new Viewer(person), mira, default);
        }
    }

    static NewPin Pinned(ObjectId<Board> board, int number) => new(board)
    {
        Title = $"{Titles[number % Titles.Length]} {number}",
        Description = "Found on a walk, and kept for the winter.",
        Link = $"https://site{number % 17}.example/{number}",
        Tags = ["moor", "stone"],
        CreatedAt = DateTimeOffset.FromUnixTimeSeconds(1_750_000_000 + (number * 100)),
        Picture = new PinPicture(
            PictureState.Ready, $"{number:x64}", null, 1000, 700 + (number % 600), "#7a8b6c", (ulong)number << 32,
            null, 200_000),
    };

    static async Task<ObjectId<User>> AddAsync(IServiceProvider services, string name, string displayed)
    {
        var account = new Account { Username = name, DisplayName = displayed };
        var made = await services.GetRequiredService<UserManager<Account>>().CreateAsync(account, Password);
        MismatchException.Unless(made.Succeeded, $"{name} could not be made");
        return account.Id;
    }
}
