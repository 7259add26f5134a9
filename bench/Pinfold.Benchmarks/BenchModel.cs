using System.Text.Json.Serialization;
using Pinfold.Sharding;

namespace Pinfold.Benchmarks;

/// <summary>A pin of about 400 bytes, as the pinboard's are.</summary>
sealed record BenchPin(string Title, string Description, string Link, long Board, int Width, int Height)
{
    public static ObjectType<BenchPin> Type { get; } = new(1, "pins", BenchJson.Default.BenchPin);

    public static BenchPin Sample(Random random) => new(
        $"A pin about the sea, number {random.Next()}", new string((char)('a' + random.Next(26)), 240),
        $"https://example.org/{random.Next()}", 241294561224164665, 736, 1104);
}

/// <summary>A board, only to hang pins on.</summary>
sealed record BenchBoard(string Name)
{
    public static ObjectType<BenchBoard> Type { get; } = new(2, "boards", BenchJson.Default.BenchBoard);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BenchPin))]
[JsonSerializable(typeof(BenchBoard))]
sealed partial class BenchJson : JsonSerializerContext;

/// <summary>What the benchmarks keep in shards.</summary>
static class BenchModel
{
    public static readonly Mapping<BenchBoard, BenchPin> BoardHasPins = new(1, "board_has_pins");

    public static readonly ShardingModel Sharding = new([BenchPin.Type, BenchBoard.Type], [BoardHasPins]);
}
