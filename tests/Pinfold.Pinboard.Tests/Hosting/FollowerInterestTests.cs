using Pinfold.Sharding;
using Pinfold.Sharding.Journal;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Hosting;

public sealed class FollowerInterestTests
{
    [Fact]
    public async Task FollowersAreGivenWhatConcernsThemAlone()
    {
        await using var pinboard = await TestPinboard.StartAsync(configure: s => s.FetchFromWeb = true);

        NamesOf(JournalEntryKind.Created, Board.Type).ShouldBe(["public-lists"]);
        NamesOf(JournalEntryKind.Event, Board.Type, name: PinEvents.BoardTurned).ShouldBe(["public-lists"]);
        NamesOf(JournalEntryKind.Updated, User.Type).ShouldBeEmpty();
        NamesOf(JournalEntryKind.Mapped, Board.Type, BoardHasPins).ShouldBeEmpty();
        NamesOf(JournalEntryKind.Created, Pin.Type).ShouldBe(["picture-fetches", "pictures"]);
        NamesOf(JournalEntryKind.Updated, Pin.Type).ShouldBe(["picture-fetches", "pictures"]);
        NamesOf(JournalEntryKind.Event, Pin.Type, name: PinEvents.PictureReleased).ShouldBe(["pictures"]);
        NamesOf(JournalEntryKind.Created, ImportJob.Type).ShouldBe(["imports"]);
        NamesOf(JournalEntryKind.Event, ImportJob.Type, name: ImportJob.GoesOn).ShouldBe(["imports"]);

        IEnumerable<string> NamesOf(
            JournalEntryKind kind, ObjectType type, Mapping? mapping = null, string? name = null)
        {
            var id = new ObjectId(new ShardId(0), type.Number, 1);
            var entry = new JournalEntry(kind, id, Mapping: mapping?.Number ?? 0, Name: name);
            var transaction = new JournalTransaction(id.Shard, 1, default, default, [entry]);
            return pinboard.Followers
                .Where(f => f.Interests.Concern(transaction)).Select(f => f.Name)
                .Where(n => n is "pictures" or "picture-fetches" or "imports" or "public-lists")
                .Order(StringComparer.Ordinal);
        }
    }
}
