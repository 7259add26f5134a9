using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Responses;
using Pinfold.Pinboard.Tests.Profiles;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Responses;

/// <summary>
/// Random steps, while the followers are killed in the midst of it and given what they have handled already once more.
/// </summary>
public sealed class ResponseStepTests(ProfileFleet fleet, ITestOutputHelper output) : IClassFixture<ProfileFleet>
{
    [Fact]
    public async Task OnSqliteLikesCommentsAndRepinsAgreeAfterWhateverHappened()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        await RunAsync(pinboard);
    }

    [Fact]
    public Task OnMariaDbAndMemcachedLikesCommentsAndRepinsAgreeAfterWhateverHappened() => RunAsync(fleet.Pinboard);

    async Task RunAsync(TestPinboard pinboard)
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        var followers = new KilledFollowers(
            pinboard,
            [pinboard.Follower<PinEndFollower>(), pinboard.Follower<PublicListFollower>()],
            "reverses", PinEndFollower.FollowerName, "public-lists");
        var steps = new ResponseSteps(pinboard, random, followers.SettleAsync);
        await followers.RunAsync(
            random, Soak.Times(200, 20_000), 50, steps.BeginAsync, steps.StepAsync,
            story => VerifyAsync(pinboard, followers.Shards, steps, story));
    }

    static async Task VerifyAsync(TestPinboard pinboard, RawShards shards, ResponseSteps steps, string story)
    {
        (await ResponseAudit.RunAsync(shards)).ShouldBeEmpty(story);
        (await pinboard.FindFaultsAsync()).ShouldBeEmpty(story);
        await ShouldHaveAsync(32, steps.Likes.Select(l => (l.From.Value, l.To.Value)));
        await ShouldHaveAsync(40, steps.OnPins.Select(c => (c.From.Value, c.To.Value)));
        await ShouldHaveAsync(39, steps.OfAuthors.Select(c => (c.From.Value, c.To.Value)));
        await ShouldHaveAsync(43, steps.SavedFrom.Select(s => (s.From.Value, s.To.Value)));
        foreach (var (id, text) in steps.Texts)
            (await pinboard.Store.GetAsync(id)).Body.Text.ShouldBe(text, story);

        async Task ShouldHaveAsync(int mapping, IEnumerable<(long, long)> pairs) =>
            (await ResponseAudit.PairsAsync(shards, mapping))
                .ShouldBe(pairs, ignoreOrder: true, $"{mapping}\n{story}");
    }
}
