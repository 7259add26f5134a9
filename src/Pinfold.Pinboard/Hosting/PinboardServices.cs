using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Fetching;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Profiles;
using Pinfold.Pinboard.Users;

namespace Pinfold.Pinboard.Hosting;

/// <summary>The object graph of the pinboard, as a list.</summary>
static class PinboardServices
{
    public static IServiceCollection AddPinboard(
        this IServiceCollection services, Installation installation, Action<PinboardSettings>? configure = null)
    {
        var settings = new PinboardSettings();
        configure?.Invoke(settings);
        services.AddSingleton(installation);
        services.AddSingleton(settings);
        services.AddPinfoldSharding(PinboardModel.Sharding, shards =>
        {
            shards.UseTopology(installation.Topology).Configure(o => o.FollowJournal = settings.FollowJournal)
                .AddFollower<PictureFollower>().AddFollower<ImportFollower>();
            // Who may not fetch leaves it to others: entries wait at the cursor until somebody who may has the shard.
            if (settings.FetchFromWeb)
                shards.AddFollower<PictureFetchFollower>();
        });

        services.AddSingleton<PersonalBudgets>();
        services.AddSingleton<FetchPace>();
        services.AddSingleton<UserService>();
        services.AddSingleton<BoardService>();
        services.AddSingleton<BoardCovers>();
        services.AddSingleton<PinService>();
        services.AddSingleton<ImportedPins>();
        services.AddSingleton<VisiblePins>();
        services.AddSingleton<ProfileReader>();
        services.AddSingleton<BoardReader>();
        services.AddSingleton<ImportRunner>();

        services.AddSingleton(_ => new ImageFiles(installation.PictureFolder, ImageLimits.Default));
        services.AddSingleton(_ => new ImageRenderer(ImageLimits.Default));
        services.AddSingleton<FetchOptions>();
        services.AddSingleton<GuardedHttp>();
        services.AddSingleton<UrlFetcher>();
        services.AddSingleton<PinPictures>();
        services.AddSingleton(_ => new FairTurns(ImageRenderer.AtOnceMax, waitingMax: 100_000));
        services.AddSingleton<PictureUses>();
        services.AddSingleton<PictureMaker>();

        services.AddSingleton<ReceivedFiles>();
        services.AddSingleton<ImportService>();

        services.AddSingleton<ILookupNormalizer, AccountNormalizer>();
        services.AddIdentityCore<Account>(identity =>
        {
            // Length is what makes a password strong (NIST SP 800-63B); rules about its letters only annoy.
            identity.Password.RequiredLength = 10;
            identity.Password.RequireDigit = identity.Password.RequireLowercase = false;
            identity.Password.RequireUppercase = identity.Password.RequireNonAlphanumeric = false;
            identity.Password.RequiredUniqueChars = 4;
            identity.Lockout.MaxFailedAccessAttempts = 10;
            identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
            identity.User.AllowedUserNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-_";
        }).AddUserStore<AccountStore>();
        return services;
    }
}
