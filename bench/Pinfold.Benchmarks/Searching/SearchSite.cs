using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Hosting;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Search.Solr;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Provisioning;
using Pinfold.Testing;
using Pinfold.Testing.Servers;

namespace Pinfold.Benchmarks.Searching;

/// <summary>A pinboard in SQLite with its followers and its search index: embedded, or in a Solr.</summary>
sealed class SearchSite : IAsyncDisposable
{
    const int People = 50, PinsOnBoard = 500;

    readonly TempFolder _folder = new("bench-search");
    readonly List<(ObjectId<User> Owner, ObjectId<Board> Board)> _boards = [];
    SolrNode? _solr;
    Installation? _installation;
    IHost? _host;

    public T Get<T>() where T : notnull => _host!.Services.GetRequiredService<T>();

    /// <summary>Whom it is searched for.</summary>
    public ObjectId<User> Reader => _boards[0].Owner;

    public async Task StartAsync(bool onSolr)
    {
        _solr = onSolr ? await SolrNode.StartAsync() : null;
        _installation = await Installation.OpenAsync(_folder["data"], null, NullLoggerFactory.Instance, default);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddPinboard(_installation, settings =>
        {
            settings.FetchFromWeb = false;
            settings.KeepSearchIndex = true;
            if (_solr is not null)
                settings.SearchServers = SolrServer.ParseList(_solr.Address, "--search");
        });
        _host = builder.Build();
        await Get<ShardProvisioner>().EnsureAsync();
        await _host.StartAsync();
    }

    /// <summary>Makes pins of these titles, on boards of several people.</summary>
    public async Task FillAsync(IEnumerable<string> titles)
    {
        using var scope = _host!.Services.CreateScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var owners = new List<ObjectId<User>>();
        for (var person = 0; person < People; person++)
        {
            var account = new Account { Username = $"person-{person}", DisplayName = $"Person {person}" };
            MismatchException.Unless((await users.CreateAsync(account)).Succeeded, "an account could not be made");
            owners.Add(account.Id);
        }
        foreach (var part in titles.Chunk(PinsOnBoard))
        {
            var owner = owners[_boards.Count % People];
            var board = await Get<BoardService>().CreateAsync(
                owner, $"{part[0].Split(' ')[^1]} {_boards.Count}", null, isSecret: false, default);
            _boards.Add((owner, board));
            foreach (var pins in part.Chunk(PinService.PinsPerTransactionMax))
                await Get<PinService>().CreateManyAsync(
                    owner, [.. pins.Select(title => new NewPin(board) { Title = Text.Cut(title, Pin.TitleLengthMax) })],
                    default);
        }
    }

    public Task<ObjectId<Pin>> PinAsync(int number, string title)
    {
        var (owner, board) = _boards[number % _boards.Count];
        return Get<PinService>().CreateAsync(owner, new NewPin(board) { Title = title }, default);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.StopAsync();
        _host?.Dispose();
        if (_installation is not null)
            await _installation.DisposeAsync();
        if (_solr is not null)
            await _solr.DisposeAsync();
        _folder.Dispose();
    }
}
