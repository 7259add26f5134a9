using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Hosting;
using Pinfold.Pinboard.Likes;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Store;
using Pinfold.Testing;
using Xunit;
using UserId = Pinfold.Sharding.ObjectId<Pinfold.Pinboard.User>;

namespace Pinfold.Cli.Tests.Web;

/// <summary>
/// The real service over a data folder in which Mira has a thousand pins, and a browser to look at it.
/// </summary>
public sealed class SeededSite : IAsyncLifetime
{
    public const string Owner = "mira";

    /// <summary>Whom Mira follows, and who follows her.</summary>
    public const string Friend = "robin";
    public const string Password = "a stone wall of our own";
    const int PictureCount = 25;
    const int LinkCount = 300;
    const int PinCount = 1020;

    static readonly string[] Boards = ["Small kitchens", "Hills", "Letterforms", "Winter garden"];
    static readonly string[] Titles =
    [
        "Where the road bends", "Dry stone wall, north side", "", "A sill deep enough for tea",
            "Notes on drawing water",
        "The long way round by the mill and back before the rain comes in", "Moor", "Lettering on a barn door", "",
        "Six things to plant in October", "Half past four, November",
    ];

    readonly TempFolder _folder = new("site");
    PinfoldProgram? _service;
    IPlaywright? _playwright;
    IBrowser? _browser;
    string? _session;

    public string Root => _service!.Address;

    /// <summary>One public pin's id.</summary>
    public string PublicPin { get; private set; } = "";

    /// <summary>What Finn, whom nobody follows, has saved of that pin; and a comment of Mira's on hers.</summary>
    public string SavedPin { get; private set; } = "";
    public string OwnComment { get; private set; } = "";

    /// <summary>A pin's page, its picture and its board, by whether the board and the pin are secret.</summary>
    internal IReadOnlyList<SecretCase> SecretCases { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        SamplePictures.Write(_folder["pictures"], Boards, PictureCount);
        await File.WriteAllTextAsync(_folder["bookmarks.html"], BookmarksFile(LinkCount));
        var data = _folder["data"];
        await WithLibraryAsync(data, AddOwnerAsync);
        await PinfoldProgram.RunAsync("import", "images", _folder["pictures"], "--user", Owner, "--data", data);
        await PinfoldProgram.RunAsync(
            "import", "bookmarks", _folder["bookmarks.html"], "--user", Owner, "--no-fetch", "--data", data);
        await WithLibraryAsync(data, AddPinsAsync);
        _service = await PinfoldProgram.ServeAsync(data);
        Assertions.SetDefaultExpectTimeout(60_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium(),
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"],
        });
        await using var visit = await OpenAsync();
        await visit.SignInAsync(Owner, Password);
        _session = await visit.Page.Context.StorageStateAsync();
    }

    /// <summary>A browser of its own: no cookies, or those of Mira.</summary>
    internal async Task<Visit> OpenAsync(bool asOwner = false, VisitOptions? options = null)
    {
        options ??= new();
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = Root,
            ViewportSize = new() { Width = options.Width, Height = options.Height },
            ColorScheme = options.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            JavaScriptEnabled = options.HasScript,
            HasTouch = options.Width < 600,
            StorageState = asOwner ? _session : null,
        });
        context.SetDefaultTimeout(180_000);
        context.SetDefaultNavigationTimeout(180_000);
        return await Visit.StartAsync(context);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_service is not null)
            await _service.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Links of a browser, a minute apart, so that they lie among the pictures.</summary>
    internal static string BookmarksFile(int count) =>
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<DL><p>\n<DT><H3>Reading</H3>\n<DL><p>\n"
        + string.Concat(Enumerable.Range(0, count).Select(i =>
            $"<DT><A HREF=\"https://site{i % 17}.example/{i}\" ADD_DATE=\"{1_700_000_000 + i * 240}\">Something to read, part {i + 1}</A>\n"))
        + "</DL><p>\n</DL><p>\n";

    static async Task WithLibraryAsync(string data, Func<IServiceProvider, Task> work)
    {
        await using var installation = await Installation.OpenAsync(data, null, NullLoggerFactory.Instance, default);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddPinboard(installation, settings => settings.FetchFromWeb = false);
        using var host = builder.Build();
        await host.Services.GetRequiredService<ShardProvisioner>().EnsureAsync();
        await host.StartAsync();
        using (var scope = host.Services.CreateScope())
            await work(scope.ServiceProvider);
        await host.Services.GetRequiredService<FollowerHost>().DrainAsync();
        await host.StopAsync();
    }

    static async Task AddOwnerAsync(IServiceProvider services)
    {
        var account = new Account { Username = Owner, DisplayName = "Mira Holm", Email = "mira@example.org" };
        var result = await services.GetRequiredService<UserManager<Account>>().CreateAsync(account, Password);
        if (!result.Succeeded)
            throw new InvalidOperationException(string.Join(' ', result.Errors.Select(e => e.Description)));
    }

    /// <summary>What was imported, pinned again and again at other times: the pictures are shared.</summary>
    async Task AddPinsAsync(IServiceProvider services)
    {
        var (store, pins) = (services.GetRequiredService<ShardedStore>(), services.GetRequiredService<PinService>());
        var boards = services.GetRequiredService<BoardService>();
        var owner = (await services.GetRequiredService<UserService>().GetAsync(Owner, default)).Id;
        var there = await store.PageAsync(PinboardModel.UserHasPins, owner, new PageRequest(1000));
        var pictures = (await store.FindManyAsync([.. there.Items.Select(e => e.To)])).OfType<Stored<Pin>>()
            .Where(p => p.Body.Picture is { State: PictureState.Ready }).ToList();
        if (pictures.Count != PictureCount)
            throw new InvalidOperationException($"{pictures.Count} pictures are ready, not {PictureCount}.");

        var more = Enumerable.Range(0, PinCount - there.Items.Count)
            .Select(i => new NewPin(pictures[i % PictureCount].Body.Board)
            {
                Title = Titles[i % Titles.Length],
                Picture = pictures[i * 7 % PictureCount].Body.Picture,
                CreatedAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_060 + i * 100),
            });
        foreach (var part in more.Chunk(PinService.PinsPerTransactionMax))
            await pins.CreateManyAsync(owner, part, default);
        PublicPin = pictures[0].Id.ToString();
        await AddFollowsAsync(services, owner);
        await AddResponsesAsync(services, owner, pictures[0].Id);
        SecretCases = await AddSecretsAsync(boards, pins, owner, pictures[0].Body.Picture!);
    }

    static async Task AddFollowsAsync(IServiceProvider services, UserId owner)
    {
        var users = services.GetRequiredService<UserManager<Account>>();
        var friend = new Account { Username = Friend, DisplayName = "Robin Fell" };
        var bore = new Account { Username = "bore", DisplayName = "A Bore" };
        foreach (var account in new[] { friend, bore })
            if (!(await users.CreateAsync(account, Password)).Succeeded)
                throw new InvalidOperationException($"{account.Username} was not made.");
        var boards = services.GetRequiredService<BoardService>();
        await boards.CreateAsync(friend.Id, "Rocks", null, isSecret: false, default);
        var sand = await boards.CreateAsync(bore.Id, "Sand", null, isSecret: false, default);
        var follows = services.GetRequiredService<FollowService>();
        await follows.FollowAsync(new Viewer(owner), friend.Id, default);
        await follows.FollowAsync(new Viewer(friend.Id), owner, default);
        await follows.FollowAsync(new Viewer(friend.Id), bore.Id, default);
        await services.GetRequiredService<BoardFollowService>()
            .FollowAsync(new Viewer(friend.Id), sand, default);
        await services.GetRequiredService<BlockService>().BlockAsync(new Viewer(owner), bore.Id, default);
    }

    /// <summary>Finn saves, likes and comments; Robin likes and comments; Mira answers.</summary>
    async Task AddResponsesAsync(IServiceProvider services, UserId owner, ObjectId<Pin> pin)
    {
        var finn = new Account { Username = "finn", DisplayName = "Finn Ås" };
        if (!(await services.GetRequiredService<UserManager<Account>>().CreateAsync(finn, Password)).Succeeded)
            throw new InvalidOperationException("finn was not made.");
        var robin = (await services.GetRequiredService<UserService>().GetAsync(Friend, default)).Id;
        var board = await services.GetRequiredService<BoardService>().CreateAsync(
            finn.Id, "Finds", null, isSecret: false, default);
        SavedPin = $"{await services.GetRequiredService<PinService>().SaveAsync(
            new Viewer(finn.Id), pin, board, default)}";
        var likes = services.GetRequiredService<LikeService>();
        foreach (var liker in new[] { finn.Id, robin })
            await likes.LikeAsync(new Viewer(liker), pin, default);
        await likes.LikeAsync(new Viewer(robin), ObjectId<Pin>.Parse(SavedPin, null), default);
        var comments = services.GetRequiredService<CommentService>();
        await comments.AddAsync(new Viewer(robin), pin, "Where is this? I walked past something like it.", default);
        await comments.AddAsync(
            new Viewer(finn.Id), pin, "יפה מאוד! https://example.org/a/rather/long/address?of=a%20wall\n\nSaved.",
            default);
        OwnComment = $"{await comments.AddAsync(
            new Viewer(owner), pin, "North of the mill, where the road bends.\nGo before noon.", default)}";
    }

    static async Task<IReadOnlyList<SecretCase>> AddSecretsAsync(
        BoardService boards, PinService pins, UserId owner, PinPicture picture)
    {
        var cases = new List<SecretCase>();
        foreach (var boardIsSecret in new[] { false, true })
        {
            var board =
                await boards.CreateAsync(
                    owner, boardIsSecret ? "A secret" : "In the open", null, boardIsSecret, default);
            foreach (var pinIsSecret in new[] { false, true })
            {
                var pin = await pins.CreateAsync(owner, new NewPin(board)
                {
                    Title = $"Case {boardIsSecret} {pinIsSecret}",
                    IsSecret = pinIsSecret,
                    Picture = picture,
                    CreatedAt = DateTimeOffset.FromUnixTimeSeconds(1_600_000_000),
                }, default);
                cases.Add(new SecretCase(boardIsSecret, pinIsSecret,
                    $"/pin/{pin}", $"/images/{pin}/236/{picture.Hash![..12]}.webp", boardIsSecret ? "/mira/a-secret"
                        : "/mira/in-the-open"));
            }
        }
        return cases;
    }

    static string Chromium() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .SelectMany(
            folder =>
                new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("There is no Chromium on the PATH; ./test installs it.");
}

/// <summary>Where to look for what some may not see.</summary>
sealed record SecretCase(bool BoardIsSecret, bool PinIsSecret, string PinPath, string PicturePath, string BoardPath)
{
    public bool IsPublic => !BoardIsSecret && !PinIsSecret;
}

/// <summary>How a visitor looks.</summary>
sealed record VisitOptions
{
    public int Width { get; init; } = 1440;

    public int Height { get; init; } = 900;

    public bool IsDark { get; init; }

    public bool HasScript { get; init; } = true;
}

/// <summary>One service and one browser for all tests of the pages.</summary>
[CollectionDefinition(Name)]
public sealed class SiteCollection : ICollectionFixture<SeededSite>
{
    public const string Name = "site";
}
