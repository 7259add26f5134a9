using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Ids;

/// <summary>What an application declares is checked as a whole before anything is stored by it.</summary>
public sealed class ShardingModelTests
{
    static readonly NameKind Handle = new(1, "handle"), Badge = new(1, "badge");

    [Fact]
    public void ATypeNumberThatIsUsedTwiceIsRefusedWithBothNames()
    {
        var clash = new ObjectType<First>(1, "shelves2", Clashing.Default.First);

        Refused([Note.Type, clash], []).ShouldContainAll("object type number 1", "notes", "shelves2");
    }

    [Fact]
    public void ARecordThatIsTheBodyOfAnotherTypeAlreadyIsRefusedWithBothNumbers() =>
        Should.Throw<PinfoldException>(
            () => new ObjectType<Shelf>(Shelf.Type.Number + 7, "racks", Clashing.Default.Shelf)).Message
            .ShouldContainAll("Shelf", "type 2", "of 9");

    [Fact]
    public void ANameThatIsUsedTwiceIsRefusedAlsoBetweenTypesAndMappings()
    {
        var clash = new ObjectType<Third>(3, "notes", Clashing.Default.Third);

        Refused([Note.Type, clash], []).ShouldContainAll("name \"notes\"", "type 1", "type 3");
        Refused([Note.Type, Shelf.Type], [new Mapping<Shelf, Note>(1, "notes")])
            .ShouldContainAll("name \"notes\"", "type 1", "mapping 1");
    }

    [Fact]
    public void AReverseIsDeclaredOnceBesideItsForwardMapping()
    {
        var reverse = ShelfHasNotes.Reverse(8, "note_is_on_shelves");
        ObjectType[] types = [Note.Type, Shelf.Type];

        Refused(types, [reverse]).ShouldContainAll("note_is_on_shelves", "shelf_has_notes", "add it");
        Refused(types, [ShelfHasNotes, reverse, ShelfHasNotes.Reverse(9, "note_lies_on_shelves")])
            .ShouldContainAll("shelf_has_notes", "2 reverses", "note_is_on_shelves", "note_lies_on_shelves");
        Should.Throw<PinfoldException>(() => reverse.Reverse(10, "shelf_is_under_notes")).Message
            .ShouldContainAll("shelf_is_under_notes", "note_is_on_shelves", "shelf_has_notes");
        new ShardingModel(types, [ShelfHasNotes, reverse]).Mappings[1].ReverseOf.ShouldBe(ShelfHasNotes);
    }

    [Fact]
    public void AMappingNumberThatIsUsedTwiceIsRefusedWithBothNames() =>
        Refused([Note.Type, Shelf.Type], [ShelfHasNotes, new Mapping<Note, Shelf>(1, "other")])
            .ShouldContainAll("mapping number 1", "shelf_has_notes", "other");

    [Fact]
    public void ANameKindThatIsUsedTwiceIsRefusedWithBothNames() =>
        Should.Throw<PinfoldException>(() => new ShardingModel([Note.Type], [], [Handle, Badge]))
            .Message.ShouldContainAll("name kind number 1", "handle", "badge");

    [Fact]
    public void AMappingOfATypeThatIsNotDeclaredIsRefused() =>
        Refused([Note.Type], [ShelfHasNotes]).ShouldContainAll("shelf_has_notes", "Shelf");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(32768)]
    public void AMappingNumberThatCannotBeIsRefused(int number) =>
        Should.Throw<PinfoldException>(() => new Mapping<Shelf, Note>(number, "a_b_c")).Message
            .ShouldContain($"{number}");

    [Fact]
    public void WhatIsDeclaredIsFoundByItsNumber()
    {
        Model.FindType(2).ShouldBe(Shelf.Type);
        Model.FindType(3).ShouldBeNull();
        Model.FindMapping(2).ShouldBe(NoteInShelves);
        Model.FindMapping(3).ShouldBeNull();
    }

    static string Refused(IReadOnlyList<ObjectType> types, IReadOnlyList<Mapping> mappings)
    {
        var error = Should.Throw<PinfoldException>(() => new ShardingModel(types, mappings));
        error.Kind.ShouldBe(ErrorKind.Invalid);
        return error.Message;
    }
}

sealed record First(string Title);

sealed record Third(string Title);

[System.Text.Json.Serialization.JsonSerializable(typeof(Shelf))]
[System.Text.Json.Serialization.JsonSerializable(typeof(First))]
[System.Text.Json.Serialization.JsonSerializable(typeof(Third))]
sealed partial class Clashing : System.Text.Json.Serialization.JsonSerializerContext;

static class ContainsAll
{
    public static void ShouldContainAll(this string text, params string[] parts)
    {
        foreach (var part in parts)
            text.ShouldContain(part);
    }
}
