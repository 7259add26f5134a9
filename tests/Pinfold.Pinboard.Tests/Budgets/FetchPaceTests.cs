using Microsoft.Extensions.Time.Testing;
using Pinfold.Pinboard.Budgets;
using Pinfold.Sharding;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Budgets;

public sealed class FetchPaceTests(ITestOutputHelper output)
{
    static readonly ObjectId<User> Ann = Id(1), Ben = Id(2);

    [Fact]
    public void NoMinuteHasMoreThanAPersonMayHaveWheneverTheyAsk()
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        var time = new FakeTimeProvider();
        var pace = new FetchPace(time);
        var perMinute = random.Next(1, 20);
        var (asked, letIn) = (TimeSpan.Zero, new List<TimeSpan>());
        for (var i = 0; i < 1000; i++)
        {
            letIn.Add(pace.Book(Ann, perMinute));
            letIn[^1].ShouldBeGreaterThanOrEqualTo(asked);
            if (random.Next(3) > 0)
                continue;
            var pause = TimeSpan.FromSeconds(random.Next(0, 90));
            time.Advance(pause);
            asked += pause;
        }
        letIn.ShouldBeInOrder();
        for (var i = perMinute; i < letIn.Count; i++)
            (letIn[i] - letIn[i - perMinute]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void OnePersonsFetchesTakeNothingFromAnothers()
    {
        var pace = new FetchPace(new FakeTimeProvider());
        var anns = Enumerable.Range(0, 1000).Select(_ => pace.TakeAsync(Ann, 60, default)).ToList();
        anns.Count(t => t.IsCompletedSuccessfully).ShouldBe(60);
        pace.TakeAsync(Ann, 60, default).IsCompleted.ShouldBeFalse();
        pace.TakeAsync(Ben, 60, default).IsCompletedSuccessfully.ShouldBeTrue();
        pace.TryTake(Ann, 60).ShouldBeFalse();
        pace.TryTake(Ben, 60).ShouldBeTrue();
    }

    [Fact]
    public async Task WhoMayFetchNothingIsToldSo()
    {
        var pace = new FetchPace(new FakeTimeProvider());
        (await Should.ThrowAsync<BudgetException>(() => pace.TakeAsync(Ann, 0, default)))
            .Kind.ShouldBe(ErrorKind.LimitExceeded);
        pace.TryTake(Ann, 0).ShouldBeFalse();
    }

    static ObjectId<User> Id(long local) => User.Type.Id(new ObjectId(new ShardId(1), User.Type.Number, local));
}
