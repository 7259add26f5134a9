using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CsCheck;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Ids;

/// <summary>Bodies carry their schema version, and older ones are brought up to date when they are read.</summary>
public sealed partial class ObjectTypeTests
{
    static readonly ObjectId Id = new(new ShardId(7), 9, 11);

    /// <summary>Version 1 had a name; 2 has first and last; 3 has how many letters that is.</summary>
    sealed record Person(string First, string Last, int Letters)
    {
        public static ObjectType<Person> Type { get; } = new(9, "people", BodyJson.Default.Person,
        [
            body =>
            {
                var parts = ((string)body["Name"]!).Split(' ');
                body.Remove("Name");
                (body["First"], body["Last"]) = (parts[0], parts[1]);
            },
            body => body["Letters"] = ((string)body["First"]!).Length + ((string)body["Last"]!).Length,
        ]);
    }

    sealed record Nothing
    {
        public static ObjectType<Nothing> Type { get; } = new(10, "nothings", BodyJson.Default.Nothing);
    }

    sealed record Plain(string Value);

    sealed record Text(string Value)
    {
        public static ObjectType<Text> Type { get; } = new(11, "texts", BodyJson.Default.Text);
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    sealed record Strict(string Value)
    {
        public static ObjectType<Strict> Type => new(12, "stricts", BodyJson.Default.Strict);
    }

    [JsonSerializable(typeof(Person)), JsonSerializable(typeof(Nothing)), JsonSerializable(typeof(Text))]
    [JsonSerializable(typeof(Strict))]
    sealed partial class BodyJson : JsonSerializerContext;

    [Fact]
    public void WithoutSourceGenerationTheContractIsMadeFromTheRecord()
    {
        var type = new ObjectType<Plain>(14, "plain", new JsonSerializerOptions(JsonSerializerDefaults.Web));

        var body = type.Encode(new Plain("quince"));

        Encoding.UTF8.GetString(body).ShouldBe("""{"$v":1,"value":"quince"}""");
        type.Decode(body, Id).ShouldBe(new Plain("quince"));
        new ObjectType<Plain>(14, "plain").Decode("""{"$v":1,"Value":"medlar"}"""u8, Id).Value.ShouldBe("medlar");
    }

    [Fact]
    public void AContractThatCouldNotReadWhatItWroteIsRefusedWhenItIsDeclared()
    {
        var error = Should.Throw<PinfoldException>(() => Strict.Type);

        error.Kind.ShouldBe(ErrorKind.Invalid);
        error.Message.ShouldContain("$v");
    }

    [Fact]
    public void NoBodyIsNoBody()
    {
        var error = Should.Throw<PinfoldException>(() => Text.Type.Encode(null!));

        error.Kind.ShouldBe(ErrorKind.Invalid);
        error.Message.ShouldContain("texts");
    }

    [Fact]
    public void ABodyIsWrittenInTheNewestVersionWhichComesFirst()
    {
        Person.Type.SchemaVersion.ShouldBe(3);
        Written(Person.Type, new("Ada", "Byron", 8)).ShouldBe("""{"$v":3,"First":"Ada","Last":"Byron","Letters":8}""");
        Written(Nothing.Type, new()).ShouldBe("""{"$v":1}""");
    }

    [Theory]
    [InlineData("""{"$v":1,"Name":"Ada Byron"}""")]
    [InlineData("""{"$v":2,"First":"Ada","Last":"Byron"}""")]
    [InlineData("""{"$v":3,"First":"Ada","Last":"Byron","Letters":8}""")]
    [InlineData("""{ "$v" : 3 , "Letters":8, "Last":"Byron", "First":"Ada" }""")]
    public void ABodyOfAnyVersionIsReadInTheNewest(string body) =>
        Person.Type.Decode(Encoding.UTF8.GetBytes(body), Id).ShouldBe(new Person("Ada", "Byron", 8));

    [Theory]
    [InlineData("""{"$v":4,"First":"Ada","Last":"Byron","Letters":8}""", "version 4")]
    [InlineData("""{"$v":0,"Name":"Ada Byron"}""", "version 0")]
    [InlineData("""{"$v":2,"Name":"Ada Byron"}""", "not readable")]
    [InlineData("""{"Name":"Ada Byron","$v":1}""", "$v")]
    [InlineData("""{"$v":"3","First":"Ada","Last":"Byron","Letters":8}""", "not readable")]
    [InlineData("""{"$v":3.5}""", "not readable")]
    [InlineData("""{"$v":99999999999}""", "not readable")]
    [InlineData("""{"$v":3,"First":"Ada","La""", "not readable")]
    [InlineData("[3]", "not readable")]
    [InlineData("{}", "not readable")]
    [InlineData("null", "not readable")]
    [InlineData("", "not readable")]
    public void ABodyThatIsNewerOrDamagedIsCorruptAndNamesItsObject(string body, string why)
    {
        var error = Should.Throw<PinfoldException>(() => Person.Type.Decode(Encoding.UTF8.GetBytes(body), Id));

        error.Kind.ShouldBe(ErrorKind.Corrupt);
        error.Shard.ShouldBe(Id.Shard);
        error.Message.ShouldContain($"{Id}");
        error.Message.ShouldContain("people");
        error.Message.ShouldContain(why);
    }

    [Fact]
    public void AnyTextSurvivesWhateverItsLength() => Gen.Select(Gen.String, Gen.Int[0, 9000]).Sample((text, padding) =>
    {
        var body = new Text(new string('x', padding) + string.Concat(text.Where(c => !char.IsSurrogate(c))));

        Text.Type.Decode(Text.Type.Encode(body), Id).ShouldBe(body);
    });

    [Fact]
    public void ABodyThatIsTooLargeIsRefusedWithItsSize()
    {
        var error = Should.Throw<PinfoldException>(() => Text.Type.Encode(new(new string('x', (4 << 20) + 1))));

        error.Kind.ShouldBe(ErrorKind.LimitExceeded);
        error.Message.ShouldContain("4194304");
    }

    [Theory]
    [InlineData(0, "things")]
    [InlineData(1024, "things")]
    [InlineData(1, "")]
    [InlineData(1, "Things")]
    [InlineData(1, "1things")]
    [InlineData(1, "thing`s")]
    [InlineData(1, "a_name_of_more_than_forty_characters_is_too_long")]
    public void ANumberOrANameThatCannotBeIsRefused(int number, string table) =>
        Should.Throw<PinfoldException>(() => new ObjectType<Nothing>(number, table, BodyJson.Default.Nothing))
            .Kind.ShouldBe(ErrorKind.Invalid);

    [Fact]
    public void AnUpgradeThatFailsIsACorruptBodyNotAFailureOfTheProgram()
    {
        static void Fails(JsonObject body) => _ = body["missing"]!.GetValue<int>();
        var type = new ObjectType<Nothing>(10, "fails", BodyJson.Default.Nothing, [Fails]);

        Should.Throw<PinfoldException>(() => type.Decode("""{"$v":1}"""u8, Id)).Kind.ShouldBe(ErrorKind.Corrupt);
    }

    static string Written<T>(ObjectType<T> type, T body) where T : class =>
        Encoding.UTF8.GetString(type.Encode(body));
}
