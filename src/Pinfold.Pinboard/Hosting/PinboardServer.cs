using System.Collections;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Pinfold.Pinboard.Explore;
using Pinfold.Pinboard.Notifications;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Redis;
using Pinfold.Pinboard.Sweeping;
using Pinfold.Pinboard.Web;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Crawlers;
using Pinfold.Pinboard.Web.Forms;
using Pinfold.Pinboard.Web.Pages.AccountActivity;
using Pinfold.Pinboard.Web.Pages.BlockList;
using Pinfold.Pinboard.Web.Pages.Confirm;
using Pinfold.Pinboard.Web.Pages.EditBoard;
using Pinfold.Pinboard.Web.Pages.EditComment;
using Pinfold.Pinboard.Web.Pages.EditPin;
using Pinfold.Pinboard.Web.Pages.Error;
using Pinfold.Pinboard.Web.Pages.ExplorePins;
using Pinfold.Pinboard.Web.Pages.FollowList;
using Pinfold.Pinboard.Web.Pages.Home;
using Pinfold.Pinboard.Web.Pages.Import;
using Pinfold.Pinboard.Web.Pages.ImportRun;
using Pinfold.Pinboard.Web.Pages.CreatePin;
using Pinfold.Pinboard.Web.Pages.InvitationList;
using Pinfold.Pinboard.Web.Pages.NotificationList;
using Pinfold.Pinboard.Web.Pages.NotificationSettings;
using Pinfold.Pinboard.Web.Pages.PeopleList;
using Pinfold.Pinboard.Web.Pages.Profile;
using Pinfold.Pinboard.Web.Pages.SavePin;
using Pinfold.Pinboard.Web.Pages.Search;
using Pinfold.Pinboard.Web.Pages.SessionList;
using Pinfold.Pinboard.Web.Pages.Settings;
using Pinfold.Pinboard.Web.Pages.ShowBoard;
using Pinfold.Pinboard.Web.Pages.ShowComments;
using Pinfold.Pinboard.Web.Pages.ShowLikes;
using Pinfold.Pinboard.Web.Pages.ShowPerson;
using Pinfold.Pinboard.Web.Pages.ShowPin;
using Pinfold.Pinboard.Web.Pages.ShowTag;
using Pinfold.Pinboard.Web.Pages.SignIn;
using Pinfold.Pinboard.Web.Pages.SignUp;
using Pinfold.Pinboard.Web.Pages.Suggest;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Telemetry;

namespace Pinfold.Pinboard.Hosting;

/// <summary>The pinboard as a web server, from its installation to its last route.</summary>
static class PinboardServer
{
    static readonly TimeSpan RequestsEndWithin = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Runs until <paramref name="cancellation"/>; says where it answers once it does, and whether all is new.
    /// </summary>
    /// <exception cref="PinfoldException">
    /// Unavailable: shards are missing, keys cannot be kept, or an address is taken.
    /// </exception>
    public static async Task RunAsync(
        Installation installation, string urls, PublicAddress address, Action<ILoggingBuilder> logging,
        Action<PinboardSettings> configure, Action<IReadOnlyList<string>, bool> answering,
        CancellationToken cancellation)
    {
        using var bound = BoundAddresses.Take(urls);
        var isStarted = false;
        var builder = CreateBuilder(bound);
        logging(builder.Logging);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // What fails at the start is thrown, and told once by whoever catches it, not logged with its stack before.
        foreach (var category in (string[])["Microsoft.AspNetCore.Server.Kestrel", "Microsoft.Extensions.Hosting"])
            builder.Logging.AddFilter(category, level => isStarted && level >= LogLevel.Warning);
        // A token that somebody made up is answered with 400, and is no trouble of the service.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None);
        // It warns that keys are not encrypted at rest. They lie in a folder that only the service may read, and a key
        // to encrypt them with would have to lie beside it: there is nothing to be done about it.
        builder.Logging.AddFilter(
            "Microsoft.AspNetCore.DataProtection", level => isStarted && level >= LogLevel.Error);
        AddServices(builder.Services, installation, configure);

        await using var app = builder.Build();
        Map(app, address);
        RequireKeys(app.Services, installation);
        var before = await app.Services.GetRequiredService<ShardProvisioner>().EnsureAsync(null, cancellation);
        await app.StartAsync(cancellation);
        isStarted = true;
        answering(bound.Urls, before.Present == 0);
        await WaitAsync(cancellation);
        // Streams have no end of their own.
        app.Services.GetRequiredService<NotificationStreams>().Close();
        // First requests end, with all of the service behind them; then the rest of it has its own time.
        using var patience = new CancellationTokenSource(RequestsEndWithin);
        await app.Services.GetRequiredService<IServer>().StopAsync(patience.Token);
        await app.StopAsync(CancellationToken.None);
    }

    /// <summary>
    /// Without the framework's defaults, which read appsettings.json in the current folder and ASPNETCORE_, DOTNET_ and
    /// Kestrel__ variables, and would listen, log or trust as those say. What may be set is in
    /// docs/reference/configuration.md.
    /// </summary>
    static WebApplicationBuilder CreateBuilder(BoundAddresses bound)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            EnvironmentName = Environments.Production,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddInMemoryCollection(OpenTelemetryVariables());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            bound.Configure(kestrel);
        });
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = bound.Give);
        builder.Services.AddRouting();
        // Whoever runs this says when it ends; the framework would listen to signals by itself.
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        return builder;
    }

    static IEnumerable<KeyValuePair<string, string?>> OpenTelemetryVariables() =>
        from DictionaryEntry variable in Environment.GetEnvironmentVariables()
        where ((string)variable.Key).StartsWith("OTEL_", StringComparison.Ordinal)
        select new KeyValuePair<string, string?>((string)variable.Key, (string?)variable.Value);

    static async Task WaitAsync(CancellationToken cancellation)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(told.SetResult);
        await told.Task;
    }

    sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Makes them if there are none: without, every page would fail.</summary>
    static void RequireKeys(IServiceProvider services, Installation installation)
    {
        try
        {
            services.GetDataProtector("start").Protect([1]);
        }
        catch (CryptographicException e)
        {
            throw new PinfoldException(ErrorKind.Unavailable,
                $"The keys that sign cookies cannot be read or kept in {installation.KeyFolder}: "
                + $"{e.GetBaseException().Message}", e);
        }
    }

    internal static void AddServices(
        IServiceCollection services, Installation installation, Action<PinboardSettings> configure)
    {
        services.AddPinboard(installation, settings =>
        {
            settings.KeepSearchIndex = true;
            configure(settings);
        });
        services.AddSingleton<TemporaryFiles>();
        services.AddHostedService<FileSweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<FetchAgainService>());
        services.AddHostedService(provider => provider.GetRequiredService<ExploreKeeper>());
        services.AddSingleton<RedisHealthCheck>();
        services.AddHostedService(provider => provider.GetRequiredService<RedisHealthCheck>());
        services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis");
        services.AddHostedService(provider => provider.GetRequiredService<WidestRenditions>());
        services.AddPages();
        if (installation.Topology.Current is { } map && map.Redis.ContainsKey(RedisRole.RateLimits.Name))
            services.AddSingleton(provider => new RedisWindows(
                provider.GetRequiredService<RedisLinks>().Find(RedisRole.RateLimits)!, map.Databases.Prefix));
        services.AddLimits();
        services.AddCompression();
        services.AddSingleton<BoardChoices>();
        services.AddSingleton<VisitorPages>();
        services.AddSingleton<FeedCursors>();
        services.AddSingleton<SearchCursors>();
        services.AddSingleton<NotificationStreamEndpoint>();
        services.AddSingleton<ProfileFeed>();
        services.AddSingleton<FollowingFeed>();
        services.AddSingleton<CardFiller>();
        services.AddHttpContextAccessor();
        services.AddDataProtection().SetApplicationName("pinfold")
            .PersistKeysToFileSystem(Directory.CreateDirectory(installation.KeyFolder));

        SessionHandler.Add(services);

        var telemetry = services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(ShardingTelemetry.Name))
            // The driver's own meter has the waits for its pools, by server.
            .WithMetrics(
                metrics => metrics.AddMeter(
                    ShardingTelemetry.Name, RedisMetrics.MeterName, "MySqlConnector", "Microsoft.AspNetCore.Hosting"));
        // Where to send it is the standard variable's to say; without it nothing leaves the process.
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 })
            telemetry.WithTracing(t => t.AddOtlpExporter()).WithMetrics(m => m.AddOtlpExporter());
    }

    internal static void Map(WebApplication app, PublicAddress address)
    {
        app.UseTrustedProxies(app.Services.GetRequiredService<PinboardSettings>().TrustedProxies);
        app.UseHeadRequests();
        app.UsePageHeaders();
        app.UseCompression();
        app.UseErrorPages();
        app.UseOwnAddress(address);
        app.UseHostCookies();
        app.UseEvenRefusals();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAdministratorPages();
        app.UseAuditOrigin();
        // Before the check of tokens, which reads the form: who is held up does not send a gigabyte first.
        app.UseRateLimiter();
        app.UseAntiforgery();
        app.UseRefusedTokens();
        app.MapPageFiles();
        app.MapPictures();
        app.MapCrawlers();
        app.MapHome();
        app.MapSearch();
        app.MapSuggest();
        app.MapShowTag();
        app.MapSignUp();
        app.MapSignIn();
        app.MapSettings();
        app.MapAccountActivity();
        app.MapInvitationList();
        app.MapPeopleList();
        app.MapShowPerson();
        app.MapSessionList();
        app.MapBlockList();
        app.MapExplore();
        app.MapNotificationList();
        NotificationStreamEndpoint.MapNotificationStream(app);
        app.MapNotificationSettings();
        app.MapFollow();
        app.MapFollowList();
        app.MapShowPin();
        app.MapLike();
        app.MapShowLikes();
        app.MapShowComments();
        app.MapEditComment();
        app.MapDeleteComment();
        app.MapCreatePin();
        app.MapLinkPreview();
        app.MapEditPin();
        app.MapSavePin();
        app.MapDeletePin();
        app.MapShowBoard();
        app.MapEditBoard();
        app.MapDeleteBoard();
        app.MapImport();
        app.MapImportRun();
        app.MapProfile();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false })
            .WithMetadata(ForEverybody.Mark);
        foreach (var readiness in (string[])["/health", "/health/ready"])
            app.MapHealthChecks(readiness, new HealthCheckOptions()).WithMetadata(ForEverybody.Mark);
    }
}
