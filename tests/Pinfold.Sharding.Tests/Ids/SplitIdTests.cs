using System.Buffers;
using System.Text;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Ids;

/// <summary>Ids in JSON that comes in pieces, as from a pipe.</summary>
public sealed class SplitIdTests
{
    [Theory]
    [InlineData("\"241294492511762325\"", true)]
    [InlineData("\"2412944925117623252412944925117623252412944925117623\"", false)]
    public void AnIdThatIsSplitIsReadOrRefusedAsOneThatIsWhole(string json, bool isRight)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var first = new Piece(bytes.AsMemory(0, 7), null);
        var last = new Piece(bytes.AsMemory(7), first);

        var error = Record.Exception(() => Read(new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length)));

        (error is null).ShouldBe(isRight);
        (error is null or JsonException).ShouldBeTrue($"{error}");
    }

    static ObjectId Read(ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return JsonSerializer.Deserialize<ObjectId>(ref reader);
    }

    sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            RunningIndex = before is null ? 0 : before.RunningIndex + before.Memory.Length;
            if (before is not null)
                before.Next = this;
        }
    }
}
