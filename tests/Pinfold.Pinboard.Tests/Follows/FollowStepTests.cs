using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Tests.Profiles;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Follows;

/// <summary>
/// Random steps, while the followers are killed in the midst of it and given what they have handled already once more.
/// </summary>
public sealed class FollowStepTests(ProfileFleet fleet, ITestOutputHelper output) : IClassFixture<ProfileFleet>
{
    [Fact]
    public async Task OnSqliteForwardReverseAndCountsAgreeAfterWhateverHappened()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        await RunAsync(pinboard);
    }

    [Fact]
    public Task OnMariaDbAndMemcachedForwardReverseAndCountsAgreeAfterWhateverHappened() => RunAsync(fleet.Pinboard);

    async Task RunAsync(TestPinboard pinboard)
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        var followers = new KilledFollowers(
            pinboard,
            [pinboard.Follower<FollowEndFollower>()],
            "reverses", FollowEndFollower.FollowerName);
        var steps = new FollowSteps(pinboard, random, followers.SettleAsync);
        await followers.RunAsync(
            random, Soak.Times(200, 20_000), 50, steps.BeginAsync, steps.StepAsync,
            story => VerifyAsync(followers.Shards, steps, story));
    }

    static async Task VerifyAsync(RawShards shards, FollowSteps steps, string story)
    {
        (await FollowAudit.RunAsync(shards)).ShouldBeEmpty(story);
        await ShouldHaveAsync(25, steps.Follows.Select(f => (f.From.Value, f.To.Value)));
        await ShouldHaveAsync(27, steps.BoardFollows.Select(f => (f.From.Value, f.To.Value)));
        await ShouldHaveAsync(29, steps.LeftOut.Select(f => (f.From.Value, f.To.Value)));
        await ShouldHaveAsync(30, steps.Blocks.Select(f => (f.From.Value, f.To.Value)));

        async Task ShouldHaveAsync(int mapping, IEnumerable<(long, long)> pairs) =>
            (await FollowAudit.PairsAsync(shards, mapping)).ShouldBe(pairs, ignoreOrder: true, story);
    }
}
