using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Feeds;

/// <summary>A home that is missing is read whole.</summary>
public sealed class HomeBuildTests
{
    const int Boards = 80, PinsAtOnce = 25;

    /// <summary>So many that a first page is read of twenty pins of each board.</summary>
    static readonly FeedLimits Limits = new() { EntriesMax = 400 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HoweverManyOfWhatIsFollowedHasMoreThanAFirstPage(bool isOneAfterTheOther)
    {
        await using var pinboard = await TestPinboard.StartAsync(
            replace: services => services.Replace(ServiceDescriptor.Singleton(Limits)));
        var (ann, ben) = (await pinboard.AddUserAsync("ann"), await pinboard.AddUserAsync("ben"));
        var pins = new List<(ObjectId<Pin> Id, long At)>();
        for (var i = 0; i < Boards; i++)
        {
            var board = await pinboard.AddBoardAsync(ben, $"Board {i}");
            await pinboard.Get<BoardFollowService>().FollowAsync(ann.Viewer, board, default);
            // As from imports: on a quarter of the boards there is much of one time, on the others a pin of long ago.
            var isFull = i % 4 == 0;
            var times = Enumerable.Range(0, isFull ? PinsAtOnce : 1).Select(pin => (long)(!isFull ? i
                : isOneAfterTheOther ? 1000 + (i * PinsAtOnce) + pin : 1000 + (pin * Boards) + i)).ToList();
            var made = await pinboard.Pins.CreateManyAsync(ben.Id, [.. times.Select(at => new NewPin(board)
            {
                Title = "t",
                CreatedAt = DateTimeOffset.FromUnixTimeSeconds(at),
            })], default);
            pins.AddRange(made.Zip(times));
        }

        var (shown, cursor) = (new List<ObjectId<Pin>>(), default(string));
        do
        {
            var page = await pinboard.Get<HomeReader>().ReadAsync(ann.Viewer, cursor, default);
            shown.AddRange(page.Pins.Select(pin => pin.Pin.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        // The last of them stands for the place below which something is missing.
        shown.ShouldBe(pins.OrderByDescending(pin => pin.At).Select(pin => pin.Id).Take(Limits.EntriesMax - 1));
    }
}
