using CsCheck;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Ids;

/// <summary>A cursor is opaque, belongs to one list and one direction, and is refused anywhere else.</summary>
public sealed class PageRequestTests
{
    static readonly ObjectId From = new(new ShardId(3), 2, 5), To = new(new ShardId(9), 1, 8);

    static readonly Gen<(long Sequence, ObjectId To, bool NewestFirst)> AnyPosition =
        from sequence in Gen.Long
        from shard in Gen.Int[0, 65535]
        from local in Gen.Long[1, ObjectId.LocalMax]
        from newestFirst in Gen.Bool
        select (sequence, new ObjectId(new ShardId(shard), 1, local), newestFirst);

    [Fact]
    public void AnyPositionIsReadBackFromItsCursor() => AnyPosition.Sample(p =>
    {
        var cursor = new PagePosition(p.Sequence, p.To).Format(ShelfHasNotes, From, p.NewestFirst);

        new PageRequest(1) { Cursor = cursor, NewestFirst = p.NewestFirst }.PositionIn(ShelfHasNotes, From)
            .ShouldBe(new PagePosition(p.Sequence, p.To));
        Uri.EscapeDataString(cursor).ShouldBe(cursor, "it stands in addresses as it is");
    });

    [Fact]
    public void ACursorOfAnotherListIsRefused()
    {
        var cursor = new PagePosition(1, To).Format(ShelfHasNotes, From, newestFirst: true);

        foreach (var read in new Func<PagePosition?>[]
        {
            () => new PageRequest(1) { Cursor = cursor }.PositionIn(NoteInShelves, From),
            () => new PageRequest(1) { Cursor = cursor }.PositionIn(ShelfHasNotes, new ObjectId(new ShardId(3), 2, 6)),
            () => new PageRequest(1) { Cursor = cursor, NewestFirst = false }.PositionIn(ShelfHasNotes, From),
        })
        {
            var error = Should.Throw<PinfoldException>(() => read());
            error.Kind.ShouldBe(ErrorKind.Invalid);
            error.Message.ShouldContain("another list");
        }
    }

    [Fact]
    public void AnyDamageToACursorIsRefusedOrIsAnotherPositionOfThisList() =>
        Gen.Select(AnyPosition, Gen.Int[0, 35], Gen.Char).Sample((p, at, letter) =>
        {
            var cursor = new PagePosition(p.Sequence, p.To).Format(ShelfHasNotes, From, true).ToCharArray();
            cursor[at] = letter;
            try
            {
                new PageRequest(1) { Cursor = new string(cursor) }.PositionIn(ShelfHasNotes, From).ShouldNotBeNull();
            }
            catch (PinfoldException e)
            {
                e.Kind.ShouldBe(ErrorKind.Invalid);
            }
        });

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("page 2")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void TextThatIsNoCursorIsRefused(string cursor)
    {
        var error = Should.Throw<PinfoldException>(() =>
            new PageRequest(1) { Cursor = cursor }.PositionIn(ShelfHasNotes, From));

        error.Kind.ShouldBe(ErrorKind.Invalid);
        error.Message.ShouldContain("cursor");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void APageOfNoneOrOfTooManyIsRefused(int limit) =>
        Should.Throw<PinfoldException>(() => new PageRequest(limit)).Message.ShouldContain("1 to 10000");
}
