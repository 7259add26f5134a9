using CsCheck;
using Pinfold.Pinboard.Pictures;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Pictures;

public sealed class FairQueueTests
{
    readonly FairQueue<string> _queue = new();

    [Fact]
    public void AnothersFirstIsTakenAtOnceHoweverManyOfOnePersonWait()
    {
        Add("amy", times: 24);
        Take(1).ShouldBe(["amy"]);
        Add("ben");

        Take(4).ShouldBe(["ben", "amy", "amy", "amy"]);
    }

    [Fact]
    public void OfFourWithManyOneEachIsTakenBeforeAFifthsFirst()
    {
        foreach (var person in (string[])["amy", "ben", "cid", "dot"])
            Add(person, times: 6);
        Add("eve");

        Take(9).ShouldBe(["amy", "ben", "cid", "dot", "eve", "amy", "ben", "cid", "dot"]);
    }

    [Fact]
    public void WhoSendsOneAfterTheOtherHasNoMoreThanWhoSendsAllAtOnce()
    {
        Add("amy", times: 6);
        var taken = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            Add("ben");
            taken.AddRange(Take(2));
        }

        taken.ShouldBe(["amy", "ben", "amy", "ben", "amy", "ben", "amy", "ben"]);
    }

    [Fact]
    public void OnePersonsAreTakenInTheOrderInWhichTheyCame()
    {
        for (var i = 0; i < 20; i++)
            _queue.Add(Of(i % 2 == 0 ? "amy" : "ben"), $"{i}");

        Take(20).Where(item => int.Parse(item) % 2 == 0).ShouldBe(Enumerable.Range(0, 10).Select(i => $"{2 * i}"));
    }

    /// <summary>A step adds one of a person, or takes one.</summary>
    [Fact]
    public void FromAskingForTheFirstTimeToBeingTakenNobodyElseIsTakenTwice() =>
        Gen.Int[-4, 5].List[1, 200].Sample(steps =>
        {
            var queue = new FairQueue<string>();
            var (taken, askedAt) = (new List<string>(), new Dictionary<string, int>());
            foreach (var step in steps)
                if (step >= 0)
                {
                    queue.Add(Of($"{step}"), $"{step}");
                    askedAt.TryAdd($"{step}", taken.Count);
                }
                else if (queue.TryTake(out var person))
                    taken.Add(person);
            while (queue.TryTake(out var person))
                taken.Add(person);
            foreach (var (person, at) in askedAt)
                taken.Skip(at).TakeWhile(p => p != person).ShouldBeUnique();
        });

    void Add(string person, int times = 1)
    {
        for (var i = 0; i < times; i++)
            _queue.Add(Of(person), person);
    }

    List<string> Take(int count)
    {
        var taken = new List<string>();
        while (taken.Count < count && _queue.TryTake(out var item))
            taken.Add(item);
        return taken;
    }

    static ObjectId<User> Of(string person) =>
        User.Type.Id(new ObjectId(new ShardId(0), User.Type.Number, 1 + person[0]));
}
