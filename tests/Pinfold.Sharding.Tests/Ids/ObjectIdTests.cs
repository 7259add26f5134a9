using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CsCheck;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Ids;

/// <summary>The id is the address: 16 bits of shard, 10 of type, 36 of the object's number there.</summary>
public sealed partial class ObjectIdTests
{
    static readonly Gen<ObjectId> AnyId =
        from shard in Gen.Int[0, ushort.MaxValue]
        from type in Gen.Int[1, ObjectId.TypeMax]
        from local in Gen.Long[1, ObjectId.LocalMax]
        select new ObjectId(new ShardId(shard), type, local);

    sealed record Pair(ObjectId Any, ObjectId<Note> Note);

    [JsonSerializable(typeof(Pair))]
    sealed partial class IdJson : JsonSerializerContext;

    [Theory]
    [InlineData(241294492511762325, 3429, 1, 7075733)]
    [InlineData(241294561224164665, 3429, 2, 1337)]
    [InlineData(241294629943640797, 3429, 3, 733)]
    public void KnownIdsAreTakenApartAndComposed(long value, int shard, int type, long local)
    {
        var id = ObjectId.FromInt64(value);

        (id.Shard.Value, id.Type, id.Local).ShouldBe(((ushort)shard, type, local));
        new ObjectId(new ShardId(shard), type, local).Value.ShouldBe(value);
    }

    [Fact]
    public void AnyIdIsReadBackFromItsPartsItsNumberAndItsText() => AnyId.Sample(id =>
    {
        new ObjectId(id.Shard, id.Type, id.Local).ShouldBe(id);
        ObjectId.FromInt64(id.Value).ShouldBe(id);
        ObjectId.Parse(id.ToString()).ShouldBe(id);
        id.ToString().ShouldBe(id.Value.ToString(CultureInfo.InvariantCulture));
        (id.Value >> 62).ShouldBe(0, "two bits are reserved");
        id.IsNone.ShouldBeFalse();
    });

    [Fact]
    public void IdsSortByShardThenTypeThenNumber() => Gen.Select(AnyId, AnyId).Sample((a, b) =>
        Math.Sign(a.CompareTo(b)).ShouldBe(Math.Sign(
            (a.Shard.Value, a.Type, a.Local).CompareTo((b.Shard.Value, b.Type, b.Local)))));

    [Fact]
    public void ANumberIsAnIdExactlyWhenEachOfItsPartsCanBe() => Gen.Long.Sample(value =>
    {
        var right = value > 0 && value >> 62 == 0 && ((value >> 36) & 1023) != 0 && (value & ObjectId.LocalMax) != 0;

        ObjectId.TryFromInt64(value, out var id).ShouldBe(right);
        id.Value.ShouldBe(right ? value : 0);
        if (!right)
            Should.Throw<PinfoldException>(() => ObjectId.FromInt64(value)).Kind.ShouldBe(ErrorKind.Invalid);
    });

    [Fact]
    public void ALocalIdOfZeroATypeOfZeroAndReservedBitsAreRefused()
    {
        long[] wrong = [0, -1, long.MinValue, 1L << 62, 1L << 36, 5, (7L << 46) | 3, (7L << 46) | (1L << 36)];
        foreach (var value in wrong)
            ObjectId.TryFromInt64(value, out _).ShouldBeFalse($"{value}");
        foreach (var (type, local) in new[] { (0, 1L), (1024, 1L), (-1, 1L), (1, 0L), (1, 1L << 36), (1, -1L) })
            Should.Throw<PinfoldException>(() => new ObjectId(new ShardId(1), type, local)).Kind
                .ShouldBe(ErrorKind.Invalid);
        foreach (var shard in new[] { -1, 65536 })
            Should.Throw<PinfoldException>(() => new ShardId(shard)).Message.ShouldContain($"{shard}");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 241294492511762325")]
    [InlineData("+241294492511762325")]
    [InlineData("-241294492511762325")]
    [InlineData("241294492511762325.0")]
    [InlineData("241,294,492,511,762,325")]
    [InlineData("0x359")]
    [InlineData("٢٤١٢٩٤٤٩٢٥١١٧٦٢٣٢٥")]
    [InlineData("99999999999999999999999")]
    [InlineData("17")]
    public void TextThatIsNotTheDigitsOfAnIdIsRefusedWithAnExample(string text)
    {
        ObjectId.TryParse(text, null, out _).ShouldBeFalse();
        var error = Should.Throw<PinfoldException>(() => ObjectId.Parse(text));
        error.Kind.ShouldBe(ErrorKind.Invalid);
        error.Message.ShouldContain($"\"{text}\"");
        error.Message.ShouldContain("241294492511762325");
    }

    [Fact]
    public void ALongTextIsNotRepeatedWholeInTheRefusal() =>
        Should.Throw<PinfoldException>(() => ObjectId.Parse(new string('9', 10_000))).Message.Length
            .ShouldBeLessThan(200);

    [Fact]
    public void AnIdOfAnotherTypeIsRefusedWithBothTypes()
    {
        var shelf = new ObjectId(new ShardId(3), Shelf.Type.Number, 5);

        foreach (var read in (Func<ObjectId<Note>>[])
            [
                () => Note.Type.Id(shelf), () => ObjectId<Note>.Parse(shelf.ToString()),
                () => ObjectId<Note>.FromInt64(shelf.Value),
            ])
        {
            var error = Should.Throw<PinfoldException>(() => read());
            error.Kind.ShouldBe(ErrorKind.Invalid);
            error.Message.ShouldContain($"{shelf}");
            error.Message.ShouldContain("type 2");
            error.Message.ShouldContain("Note (type 1)");
        }
        ObjectId<Note>.TryParse(shelf.ToString(), null, out var none).ShouldBeFalse();
        ObjectId<Note>.TryFromInt64(shelf.Value, out _).ShouldBeFalse();
        ObjectId<Shelf>.TryFromInt64(shelf.Value, out var typed).ShouldBeTrue();
        ObjectId<Shelf>.FromInt64(typed.Value).Untyped.ShouldBe(shelf);
        none.IsNone.ShouldBeTrue();
    }

    [Fact]
    public void InJsonAnIdIsAString() => Gen.Select(AnyId, AnyId).Sample((any, other) =>
    {
        var pair = new Pair(any, Note.Type.Id(new ObjectId(other.Shard, Note.Type.Number, other.Local)));

        var json = JsonSerializer.Serialize(pair, IdJson.Default.Pair);

        json.ShouldBe($$"""{"Any":"{{pair.Any}}","Note":"{{pair.Note}}"}""");
        JsonSerializer.Deserialize(json, IdJson.Default.Pair).ShouldBe(pair);
    });

    [Theory]
    [InlineData("241294492511762325")]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"17\"")]
    [InlineData("\"241294492511762325 \"")]
    [InlineData("\"999999999999999999999999999999999999999\"")]
    [InlineData("{}")]
    public void AnythingElseInJsonIsRefusedWithWhatWouldBeRight(string value)
    {
        var json = $$"""{"Any":{{value}},"Note":"241294492511762325"}""";

        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(json, IdJson.Default.Pair)).Message
            .ShouldContain("string of digits");
    }

    [Fact]
    public void AnIdOfAnotherTypeInJsonIsRefusedWithBothTypes()
    {
        const string OfAShelf = """{"Any":"241294492511762325","Note":"241294561224164665"}""";

        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(OfAShelf, IdJson.Default.Pair))
            .Message.ShouldContain("an id of a Note (type 1)");
    }
}
