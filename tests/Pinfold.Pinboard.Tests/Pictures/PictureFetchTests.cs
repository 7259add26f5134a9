using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using Pinfold.Pinboard.Fetching;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Tests.Fetching;
using Pinfold.Pinboard.Tests.Images;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Testing;
using Pinfold.Testing.Proxy;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Pictures;

/// <summary>What was pinned by address, on real sites that fail in one way or another.</summary>
public sealed class PictureFetchTests
{
    static readonly byte[] Photo = Sample.Named("baseline.jpg").Read();

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(403)]
    public async Task WhatASiteSaysForGoodIsNotAskedAgain(int status)
    {
        var time = new SteppedTime();
        var asked = 0;
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            Interlocked.Increment(ref asked);
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var pinboard = await StartAsync(site, time);
        var pin = await PinAsync(pinboard, site["/"]);
        await pinboard.FollowAsync();
        (await PictureAsync(pinboard, pin)).ShouldSatisfyAllConditions(
            picture => picture.State.ShouldBe(PictureState.Failed),
            picture => picture.Problem!.ShouldContain($"({status})"),
            picture => picture.FetchAgainAt.ShouldBeNull());
        time.Ahead(TimeSpan.FromDays(2));
        (await pinboard.Get<FetchAgainService>().LookAsync(default)).ShouldBe(0);
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task ASiteThatCannotAnswerNowIsAskedAgainAfterAMinuteTenAndAnHour()
    {
        var time = new SteppedTime();
        var asked = 0;
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            Interlocked.Increment(ref asked);
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var pinboard = await StartAsync(site, time);
        var pin = await PinAsync(pinboard, site["/"]);
        await pinboard.FollowAsync();
        foreach (var (minutes, tries) in new[] { (1, 1), (10, 2), (60, 3) })
        {
            var picture = await PictureAsync(pinboard, pin);
            (picture.State, picture.FetchTries).ShouldBe((PictureState.Failed, tries));
            (picture.FetchAgainAt!.Value - time.GetUtcNow()).ShouldBeInRange(
                TimeSpan.FromMinutes(minutes - 0.5), TimeSpan.FromMinutes(minutes));
            (await pinboard.Get<FetchAgainService>().LookAsync(default)).ShouldBe(0);
            time.Ahead(TimeSpan.FromMinutes(minutes));
            (await pinboard.Get<FetchAgainService>().LookAsync(default)).ShouldBe(1);
            await pinboard.FollowAsync();
            asked.ShouldBe(tries + 1);
        }

        (await PictureAsync(pinboard, pin)).FetchAgainAt.ShouldBeNull();
        (await ListedAsync(pinboard)).ShouldBe(0);

        // Asked by its person, it begins anew.
        time.Ahead(TimeSpan.FromMinutes(10));
        var owner = (await pinboard.PinPictures.FindAsync(pin, default))!.Body.Owner;
        await pinboard.Pins.RetryPictureAsync(new TestUser(owner, "amy").Viewer, pin, default);
        await pinboard.FollowAsync();
        (await PictureAsync(pinboard, pin)).FetchTries.ShouldBe(1);
    }

    [Fact]
    public async Task APictureComesWhenItsSiteDoes()
    {
        var (time, isUp) = (new SteppedTime(), false);
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            if (!isUp)
                context.Abort();
            return isUp ? ServeAsync(context) : Task.CompletedTask;
        });
        await using var pinboard = await StartAsync(site, time);
        var pin = await PinAsync(pinboard, site["/"]);
        await pinboard.FollowAsync();
        (await PictureAsync(pinboard, pin)).State.ShouldBe(PictureState.Failed);
        isUp = true;
        time.Ahead(TimeSpan.FromMinutes(1));
        (await pinboard.Get<FetchAgainService>().LookAsync(default)).ShouldBe(1);
        await FollowTwiceAsync(pinboard);
        (await PictureAsync(pinboard, pin)).State.ShouldBe(PictureState.Ready);
        (await ListedAsync(pinboard)).ShouldBe(0);
    }

    [Fact]
    public async Task AHostThatIsDownIsNotAskedForEachOfItsPins()
    {
        const int Many = 200;
        var time = new SteppedTime();
        var lookups = 0;
        await using var site = await LoopbackSite.StartAsync(ServeAsync);
        var options = site.Options with
        {
            Resolve = (_, _) =>
            {
                Interlocked.Increment(ref lookups);
                throw new SocketException((int)SocketError.HostNotFound);
            },
        };
        await using var pinboard = await StartAsync(options, time);
        var amy = await pinboard.AddUserAsync("amy");
        var board = await pinboard.AddBoardAsync(amy, "Links");
        for (var i = 0; i < Many; i++)
            await PinAsync(pinboard, amy, board, $"http://down.example/{i}");
        await pinboard.FollowAsync();
        lookups.ShouldBeLessThanOrEqualTo(32);
        var pins = await pinboard.Store.PageAsync(UserHasPins, amy.Id, new PageRequest(Many));
        foreach (var entry in pins.Items)
            (await PictureAsync(pinboard, entry.To)).ShouldSatisfyAllConditions(
                picture => picture.Problem.ShouldBe("There is no host down.example."),
                picture => picture.FetchTries.ShouldBe(1),
                picture => picture.FetchAgainAt.ShouldNotBeNull());
    }

    [Fact]
    public async Task AnotherPictureOrNoPinTakesItOffTheList()
    {
        var (time, isUp) = (new SteppedTime(), false);
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            if (isUp)
                return ServeAsync(context);
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        await using var pinboard = await StartAsync(site, time);
        var amy = await pinboard.AddUserAsync("amy");
        var board = await pinboard.AddBoardAsync(amy, "Links");
        var (gone, retried) = (await PinAsync(pinboard, amy, board, site["/1"]),
            await PinAsync(pinboard, amy, board, site["/2"]));
        await pinboard.FollowAsync();
        (await ListedAsync(pinboard)).ShouldBe(2);
        await pinboard.Pins.DeleteAsync(amy.Viewer, gone, default);
        isUp = true;
        await pinboard.Pins.RetryPictureAsync(amy.Viewer, retried, default);
        await FollowTwiceAsync(pinboard);
        time.Ahead(TimeSpan.FromMinutes(1));
        (await pinboard.Get<FetchAgainService>().LookAsync(default)).ShouldBe(0);
        (await ListedAsync(pinboard)).ShouldBe(0);
        (await PictureAsync(pinboard, retried)).State.ShouldBe(PictureState.Ready);
    }

    [Fact]
    public async Task AnImageThatCannotBeMadeYieldsToTheNext()
    {
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            if (context.Request.Path == "/cut.jpg")
                return context.Response.Body.WriteAsync(Photo.AsMemory(0, Photo.Length / 2)).AsTask();
            if (context.Request.Path == "/photo.jpg")
                return ServeAsync(context);
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<img src=/cut.jpg width=900 height=900><img src=/photo.jpg>");
        });
        await using var pinboard = await StartAsync(site, TimeProvider.System);
        var pin = await PinAsync(pinboard, site["/"]);
        await FollowTwiceAsync(pinboard);
        (await PictureAsync(pinboard, pin)).ShouldSatisfyAllConditions(
            picture => picture.State.ShouldBe(PictureState.Ready),
            picture => picture.Bytes.ShouldBe(Photo.Length));
        Directory.GetFiles(pinboard.Get<Installation>().PictureFolder, "*.jpg", SearchOption.AllDirectories).Length
            .ShouldBe(1);
    }

    [Fact]
    public async Task AFullDiskIsNoFailureOfTheAddress()
    {
        var isFull = true;
        await using var site = await LoopbackSite.StartAsync(ServeAsync);
        await using var pinboard = await StartAsync(site.Options, TimeProvider.System, services =>
            services.AddSingleton(provider => new ImageFiles(
                provider.GetRequiredService<Installation>().PictureFolder, ImageLimits.Default,
                path => isFull ? new FullDisk(path, bytesFree: 1000) : File.Create(path))));
        var pin = await PinAsync(pinboard, site["/"]);
        var parked = pinboard.Get<FollowerHost>().Parked;
        await pinboard.FollowAsync();
        (await PictureAsync(pinboard, pin)).ShouldSatisfyAllConditions(
            picture => picture.State.ShouldBe(PictureState.Waiting),
            picture => picture.Problem.ShouldBeNull());
        var entries = await parked.ListAsync(PictureFetchFollower.FollowerName);
        entries.ShouldNotBeEmpty();
        entries.ShouldAllBe(entry => entry.Reason.Contains("no room left"));

        isFull = false;
        foreach (var entry in entries)
            await parked.RetryNowAsync(entry.Shard, entry.Follower, entry.Seq);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while ((await PictureAsync(pinboard, pin)).State == PictureState.Waiting)
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        (await PictureAsync(pinboard, pin)).State.ShouldBe(PictureState.Ready);
    }

    [Fact]
    public async Task AShardThatDoesNotAnswerWhenAFetchEndsIsNoFailureOfTheAddress()
    {
        var account = new MySqlConnectionStringBuilder((await TestServers.MariaDbAsync()).ConnectionString);
        await using var proxy = await ByteProxy.StartAsync((int)account.Port);
        using var folder = new TempFolder("fetch");
        await File.WriteAllTextAsync(folder["password"], account.Password);
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            if (context.Request.Path == "/photo.jpg")
            {
                proxy.RefuseConnections();
                proxy.CutAll();
            }

            return ServeAsync(context);
        });
        await using var pinboard = await StartAsync(site.Options, TimeProvider.System, topology:
            $$"""
            {
              "version": 1, "shardCount": 1, "databasePrefix": "{{DatabasePrefix.Next()}}",
              "servers": [
                { "name": "db", "engine": "mysql", "host": "127.0.0.1", "port": {{proxy.Port}},
                  "user": "{{account.UserID}}", "passwordFile": "{{folder["password"]}}", "tls": "none" },
              ],
              "shards": [{ "first": 0, "last": 0, "server": "db", "epoch": 1 }],
            }
            """);
        var pin = await PinAsync(pinboard, site["/"]);
        var follower = (IConcurrentFollower)pinboard.Follower<PictureFetchFollower>();
        var pinned = new JournalTransaction(pin.Shard, 1, default, default, [
            new JournalEntry(JournalEntryKind.Created, pin)]);
        var failure = await Should.ThrowAsync<PinfoldException>(
            async () => await follower.HandleAsync(pinned, FollowerPause.None, default));
        failure.ShouldNotBeOfType<FetchException>();
        proxy.AcceptConnections();
        (await PictureAsync(pinboard, pin)).ShouldSatisfyAllConditions(
            picture => picture.State.ShouldBe(PictureState.Waiting),
            picture => picture.Hash.ShouldBeNull());
    }

    static Task<TestPinboard> StartAsync(LoopbackSite site, TimeProvider time) => StartAsync(site.Options, time);

    static Task<TestPinboard> StartAsync(
        FetchOptions options, TimeProvider time, Action<IServiceCollection>? replace = null, string? topology = null) =>
        TestPinboard.StartAsync(topology, time, settings =>
        {
            settings.FetchFromWeb = true;
            settings.Budget = settings.Budget with { FetchesPerMinute = 1000 };
        }, services =>
        {
            // A machine that does other things too is no slow site.
            services.AddSingleton(options with
            {
                ConnectTimeout = TimeSpan.FromMinutes(1),
                HeaderTimeout = TimeSpan.FromMinutes(1),
                TotalTimeout = TimeSpan.FromMinutes(2),
            });
            replace?.Invoke(services);
        });

    static async Task<ObjectId<Pin>> PinAsync(TestPinboard pinboard, string address)
    {
        var amy = await pinboard.AddUserAsync("amy");
        return await PinAsync(pinboard, amy, await pinboard.AddBoardAsync(amy, "Links"), address);
    }

    static Task<ObjectId<Pin>> PinAsync(
        TestPinboard pinboard, TestUser owner, ObjectId<Board> board, string address) =>
        pinboard.Pins.CreateAsync(
            owner.Id, new NewPin(board) { Link = address, Picture = PinPicture.ToFetch(address) }, default);

    /// <summary>What is fetched is written, and then made.</summary>
    static async Task FollowTwiceAsync(TestPinboard pinboard)
    {
        await pinboard.FollowAsync();
        await pinboard.FollowAsync();
    }

    static async Task<PinPicture> PictureAsync(TestPinboard pinboard, ObjectId<Pin> pin) =>
        (await pinboard.PinPictures.FindAsync(pin, default))!.Body.Picture!;

    static async Task<long> ListedAsync(TestPinboard pinboard)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, pinboard.Store.Topology.ShardCount).Select(shard =>
            pinboard.Store.CountAsync(PinsToFetchAgain, Picture.FetchedLater(new ShardId(shard)))));
        return counts.Sum();
    }

    static Task ServeAsync(HttpContext context)
    {
        if (context.Request.Path == "/photo.jpg")
            return context.Response.Body.WriteAsync(Photo).AsTask();
        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync("<title>Page</title><meta property=og:image content=/photo.jpg>");
    }

    /// <summary>The machine's time, and what it was put ahead; timers are those of the machine.</summary>
    sealed class SteppedTime : TimeProvider
    {
        long _aheadTicks;

        public void Ahead(TimeSpan by) => Interlocked.Add(ref _aheadTicks, by.Ticks);

        public override DateTimeOffset GetUtcNow() =>
            System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));
    }
}
