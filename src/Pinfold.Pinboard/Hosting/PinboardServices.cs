using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pinfold.Pinboard.Audit;
using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Fetching;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Follows.Import;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Likes;
using Pinfold.Pinboard.People;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Profiles;
using Pinfold.Pinboard.Redis;
using Pinfold.Pinboard.Registration;
using Pinfold.Pinboard.Responses;
using Pinfold.Pinboard.Search;
using Pinfold.Pinboard.Search.Finding;
using Pinfold.Pinboard.Search.Indexing;
using Pinfold.Pinboard.Search.Lucene;
using Pinfold.Pinboard.Search.Solr;
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
                .AddFollower<PictureFollower>().AddFollower<ImportFollower>().AddFollower<PublicListFollower>()
                .AddFollower<FollowEndFollower>().AddFollower<PinEndFollower>();
            shards.AddFeeds(installation.Topology.Current);
            shards.AddNotifications();
            shards.AddExplore(installation.Topology.Current);
            // Who may not fetch leaves it to others: entries wait at the cursor until somebody who may has the shard.
            if (settings.FetchFromWeb)
                shards.AddFollower<PictureFetchFollower>();
            if (settings is { KeepSearchIndex: true, SearchServers.Count: 0 })
                shards.AddFollower<EmbeddedFollower>();
            else if (settings.KeepSearchIndex)
                shards.AddFollower<SolrFollower>();
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
        services.AddSingleton<BoardTitles>();
        services.AddSingleton<BoardReader>();
        services.AddSingleton<ImportRunner>();
        AddBetweenPeople(services);

        services.AddSingleton(_ => new ImageFiles(installation.PictureFolder, ImageLimits.Default));
        services.AddSingleton(_ => new ImageRenderer(ImageLimits.Default));
        services.AddSingleton<FetchOptions>();
        services.AddSingleton<GuardedHttp>();
        services.AddSingleton<HostRests>();
        services.AddSingleton<UrlFetcher>();
        services.AddSingleton<PinPictures>();
        services.AddSingleton<FetchAgainService>();
        services.AddSingleton(_ => new FairTurns(ImageRenderer.AtOnceMax, waitingMax: 100_000));
        services.AddSingleton<PictureUses>();
        services.AddSingleton<PictureMaker>();
        services.AddSingleton<SiteIcons>();
        services.AddSingleton<WidestRenditions>();

        services.AddSingleton<ReceivedFiles>();
        services.AddSingleton<ImportService>();

        services.AddSingleton<RedisMetrics>();
        services.AddSingleton<RedisLinks>();
        services.AddSingleton<RedisStatusReader>();

        AddSearch(services, settings);
        AddAccounts(services);
        return services;
    }

    /// <summary>What people do to one another, and with the pins of others.</summary>
    static void AddBetweenPeople(IServiceCollection services)
    {
        services.AddSingleton<FollowService>();
        services.AddSingleton<BoardFollowService>();
        services.AddSingleton<FollowReader>();
        services.AddSingleton<FollowEnds>();
        services.AddSingleton<FollowBatches>();
        services.AddTransient<NamedPeople>();
        services.AddTransient<FollowImport>();
        services.AddSingleton<BlockService>();
        services.AddSingleton<BlockReader>();
        services.AddSingleton<PinCounts>();
        services.AddSingleton<LikeService>();
        services.AddSingleton<LikeReader>();
        services.AddSingleton<LikeEnds>();
        services.AddSingleton<CommentService>();
        services.AddSingleton<CommentReader>();
        services.AddSingleton<CommentEnds>();
        services.AddSingleton<ResponseReader>();
        services.AddSingleton<CardReader>();
    }

    static void AddSearch(IServiceCollection services, PinboardSettings settings)
    {
        services.AddSingleton<SearchReader>();
        services.AddSingleton<SuggestionReader>();
        services.AddSingleton<RelatedPins>();
        services.AddSingleton<IndexRebuild>();
        services.AddSingleton<IndexVerifier>();
        var isKept = settings is { KeepSearchIndex: true, FollowJournal: true };
        if (settings.SearchServers.Count > 0)
        {
            services.AddSolr(settings.SearchServers);
            if (isKept)
                services.AddHostedService(provider => provider.GetRequiredService<SolrFiller>());
            return;
        }
        services.AddSingleton<EmbeddedEngine>();
        services.AddSingleton<ISearchEngine>(provider => provider.GetRequiredService<EmbeddedEngine>());
        services.AddSingleton<EmbeddedKeeper>();
        if (isKept)
            services.AddHostedService(provider => provider.GetRequiredService<EmbeddedKeeper>());
    }

    static void AddAccounts(IServiceCollection services)
    {
        services.AddSingleton<AuditLog>();
        services.AddSingleton<FirstPerson>();
        services.AddSingleton<PasswordlessAccounts>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<SignUps>();
        services.AddSingleton<PeopleReader>();
        services.AddSingleton<PublicPlaces>();
        services.AddSingleton<PeopleService>();
        services.AddSingleton<Accounts>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<SignIns>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<PasswordCheck>();
        services.AddSingleton<SignInTurns>();
        services.AddSingleton<AddressTries>();
        services.AddSingleton<ILookupNormalizer, AccountNormalizer>();
        services.Configure<PasswordHasherOptions>(hash => hash.IterationCount = AccountPasswordHasher.Iterations);
        services.AddSingleton<IPasswordHasher<Account>, AccountPasswordHasher>();
        services.AddIdentityCore<Account>(
            identity => identity.User.AllowedUserNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-_")
            .AddUserStore<AccountStore>();
        // Instead of Identity's own, which has rules about the kinds of characters.
        services.RemoveAll<IPasswordValidator<Account>>();
        services.AddSingleton<IPasswordValidator<Account>, NewPasswords>();
    }
}
