using System.Text.Json.Serialization;
using Xunit;

namespace Pinfold.Sharding.Tests.Docs.Examples;

public sealed record Memo(string Text);

[JsonSerializable(typeof(Memo))]
sealed partial class MemoJson : JsonSerializerContext;

public sealed class UpgradeTests
{
    [Fact]
    public void ABodyOfTheVersionBeforeIsRead()
    {
        var memos = new ObjectType<Memo>(20, "memos", MemoJson.Default.Memo, upgrades:
            [body => { body["Text"] = body["Content"]?.DeepClone(); body.Remove("Content"); }]);

        var old = """{"$v":1,"Content":"quince"}"""u8;

        Assert.Equal(new Memo("quince"), memos.Decode(old, new ObjectId(new ShardId(0), 20, 1)));
    }
}
