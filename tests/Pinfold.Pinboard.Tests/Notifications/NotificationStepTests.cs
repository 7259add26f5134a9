using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Notifications;
using Pinfold.Pinboard.Responses;
using Pinfold.Pinboard.Tests.Profiles;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Notifications;

/// <summary>
/// Random acts, while the followers are killed in the midst of it and given what they have handled already once more.
/// </summary>
public sealed class NotificationStepTests(ProfileFleet fleet, ITestOutputHelper output) : IClassFixture<ProfileFleet>
{
    [Fact]
    public async Task OnSqlitePeopleAreToldWhatTheShardsImply()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        await RunAsync(pinboard);
    }

    [Fact]
    public Task OnMariaDbAndMemcachedPeopleAreToldWhatTheShardsImply() => RunAsync(fleet.Pinboard);

    async Task RunAsync(TestPinboard pinboard)
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        var followers = new KilledFollowers(
            pinboard,
            [
                pinboard.Follower<NotificationFollower>(), pinboard.Follower<FollowEndFollower>(),
                pinboard.Follower<PinEndFollower>(), pinboard.Follower<PublicListFollower>(),
            ],
            "reverses", NotificationFollower.FollowerName);
        var steps = new NotificationSteps(pinboard, random, followers.SettleAsync);
        await followers.RunAsync(
            random, Soak.Times(200, 10_000), 40, steps.BeginAsync, steps.StepAsync,
            story => VerifyAsync(pinboard, followers.Shards, steps, story));
    }

    static async Task VerifyAsync(TestPinboard pinboard, RawShards shards, NotificationSteps steps, string story)
    {
        (await NotificationAudit.RunAsync(shards, steps)).ShouldBeEmpty(story);
        foreach (var person in steps.Everybody)
            await pinboard.Get<NotificationReader>().PageAsync(person.Viewer, null, default);
        (await shards.EntriesAsync(41, 41)).Where(row => row is { To: not 0, N: null })
            .ShouldBeEmpty("all is seen");
    }
}
