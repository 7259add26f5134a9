using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Sweeping;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Forms;
using Pinfold.Pinboard.Web.Pages.Confirm;
using Pinfold.Pinboard.Web.Pages.EditBoard;
using Pinfold.Pinboard.Web.Pages.EditPin;
using Pinfold.Pinboard.Web.Pages.Error;
using Pinfold.Pinboard.Web.Pages.Home;
using Pinfold.Pinboard.Web.Pages.Import;
using Pinfold.Pinboard.Web.Pages.ImportRun;
using Pinfold.Pinboard.Web.Pages.CreatePin;
using Pinfold.Pinboard.Web.Pages.Profile;
using Pinfold.Pinboard.Web.Pages.SavePin;
using Pinfold.Pinboard.Web.Pages.Search;
using Pinfold.Pinboard.Web.Pages.Settings;
using Pinfold.Pinboard.Web.Pages.ShowBoard;
using Pinfold.Pinboard.Web.Pages.ShowPin;
using Pinfold.Pinboard.Web.Pages.SignIn;
using Pinfold.Pinboard.Web.Pages.SignUp;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Telemetry;

namespace Pinfold.Pinboard.Hosting;

/// <summary>The pinboard as a web server, from its installation to its last route.</summary>
static class PinboardServer
{
    /// <summary>Runs until <paramref name="cancellation"/>; says where it answers once it does.</summary>
    /// <exception cref="PinfoldException">
    /// Unavailable: shards are missing, keys cannot be kept, or an address is taken.
    /// </exception>
    public static async Task RunAsync(
        Installation installation, string urls, Action<ILoggingBuilder> logging, Action<PinboardSettings> configure,
        Action<IEnumerable<string>> answering, CancellationToken cancellation)
    {
        ListenAddresses.RefuseUnlessRight(urls);
        ListenAddresses.RefuseUnlessFree(urls);
        var isStarted = false;
        var builder =
            WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        logging(builder.Logging);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // What fails at the start is thrown, and told once by whoever catches it, not logged with its stack before.
        foreach (var category in (string[])[
            "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.Extensions.Hosting", "Microsoft.AspNetCore.DataProtection"
        ])
            builder.Logging.AddFilter(category, level => isStarted && level >= LogLevel.Warning);
        builder.WebHost.UseUrls(urls);
        // The framework's own switch trusts everybody's X-Forwarded-For; see TrustedProxies.
        builder.WebHost.UseSetting("ForwardedHeaders_Enabled", "false");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        AddServices(builder.Services, installation, configure);

        await using var app = builder.Build();
        Map(app);
        RequireKeys(app.Services, installation);
        await app.Services.GetRequiredService<ShardProvisioner>().EnsureAsync(null, cancellation);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception e) when (ListenAddresses.IsRefusal(e))
        {
            await app.StopAsync(CancellationToken.None);
            throw ListenAddresses.Refused(urls, e);
        }
        isStarted = true;
        answering(app.Urls);
        await app.WaitForShutdownAsync(cancellation);
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

    static void AddServices(IServiceCollection services, Installation installation, Action<PinboardSettings> configure)
    {
        services.AddPinboard(installation, configure);
        services.AddSingleton<TemporaryFiles>();
        services.AddHostedService<FileSweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<FetchAgainService>());
        services.AddPages();
        services.AddLimits();
        services.AddSingleton<BoardChoices>();
        services.AddHttpContextAccessor();
        services.AddDataProtection().SetApplicationName("pinfold")
            .PersistKeysToFileSystem(Directory.CreateDirectory(installation.KeyFolder));

        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.Configure<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme, cookie =>
        {
            cookie.LoginPath = Routes.SignIn;
            cookie.ReturnUrlParameter = "returnUrl";
            cookie.AccessDeniedPath = Routes.SignIn;
            cookie.Cookie.Name = "session";
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = TimeSpan.FromDays(30);
            // Relative: the host is the client's to write, and the scheme may be a balancer's to know.
            cookie.Events.OnRedirectToLogin = context =>
            {
                context.Response.Redirect(new Uri(context.RedirectUri).PathAndQuery);
                return Task.CompletedTask;
            };
        });
        services.AddAuthorization();
        services.AddScoped<IUserClaimsPrincipalFactory<Account>, AccountClaims>();
        services.AddScoped<SignInManager<Account>>();
        services.AddSingleton<SignInTurns>();
        services.AddScoped<ISecurityStampValidator, SecurityStampValidator<Account>>();
        services.AddScoped<ITwoFactorSecurityStampValidator, TwoFactorSecurityStampValidator<Account>>();

        var telemetry = services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(ShardingTelemetry.Name))
            // The driver's own meter has the waits for its pools, by server.
            .WithMetrics(
                metrics => metrics.AddMeter(ShardingTelemetry.Name, "MySqlConnector", "Microsoft.AspNetCore.Hosting"));
        // Where to send it is the standard variable's to say; without it nothing leaves the process.
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 })
            telemetry.WithTracing(t => t.AddOtlpExporter()).WithMetrics(m => m.AddOtlpExporter());
    }

    static void Map(WebApplication app)
    {
        app.UseTrustedProxies(app.Services.GetRequiredService<PinboardSettings>().TrustedProxies);
        app.UseHeadRequests();
        app.UsePageHeaders();
        app.UseErrorPages();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        // Before the check of tokens, which reads the form: who is held up does not send a gigabyte first.
        app.UseRateLimiter();
        app.UseAntiforgery();
        app.MapPageFiles();
        app.MapPictures();
        app.MapHome();
        app.MapSearch();
        app.MapSignUp();
        app.MapSignIn();
        app.MapSettings();
        app.MapShowPin();
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
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        foreach (var readiness in (string[])["/health", "/health/ready"])
            app.MapHealthChecks(readiness, new HealthCheckOptions());
    }
}
