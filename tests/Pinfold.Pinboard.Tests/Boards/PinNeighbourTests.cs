using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Boards;

/// <summary>From a pin to the one before it and the one after it on its board.</summary>
public sealed class PinNeighbourTests
{
    [Fact]
    public async Task OneStepsThroughABoardInItsOrderAlsoWherePinsAreOfOneMoment()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var board = await pinboard.AddBoardAsync(mira, "Hills");
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        for (var i = 0; i < 9; i++)
            await pinboard.Pins.CreateAsync(
                mira.Id, new NewPin(board) { Title = $"{i}", CreatedAt = now.AddSeconds(i / 3) }, default);
        var order = (await pinboard.PageAsync(mira.Viewer, board)).Pins.Select(p => p.Id).ToList();

        var (walked, at) = (new List<ObjectId<Pin>>(), (ObjectId<Pin>?)order[0]);
        while (at is { } here)
        {
            walked.Add(here);
            at = (await BesideAsync(pinboard, mira.Viewer, here)).Older;
        }
        walked.ShouldBe(order);
        for (at = order[^1], walked = []; at is { } here;)
        {
            walked.Add(here);
            at = (await BesideAsync(pinboard, mira.Viewer, here)).Newer;
        }
        walked.ShouldBe(order.AsEnumerable().Reverse());
    }

    [Fact]
    public async Task OthersStepOverWhatIsSecret()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var board = await pinboard.AddBoardAsync(mira, "Hills");
        var first = await pinboard.AddPinAsync(mira, board, "first");
        var secret = await pinboard.AddPinAsync(mira, board, "secret", isSecret: true);
        var last = await pinboard.AddPinAsync(mira, board, "last");
        // Of one millisecond they lie by their ids, in this order too.
        (await BesideAsync(pinboard, mira.Viewer, first)).Newer.ShouldBe(secret);
        (await BesideAsync(pinboard, Viewer.Anybody, first)).Newer.ShouldBe(last);
        (await BesideAsync(pinboard, Viewer.Anybody, last)).Older.ShouldBe(first);
    }

    static async Task<Pinfold.Pinboard.Boards.PinNeighbours> BesideAsync(
        TestPinboard pinboard, Viewer viewer, ObjectId<Pin> id)
    {
        var (pin, board) = await pinboard.Pins.GetAsync(viewer, id, default);
        return await pinboard.BoardReader.NeighboursAsync(viewer, board, pin, default);
    }
}
