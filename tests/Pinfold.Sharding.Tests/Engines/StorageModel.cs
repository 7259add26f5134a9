using System.Text.Json.Serialization;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>Two types of objects and mappings between them, enough to tell everything apart.</summary>
static partial class StorageModel
{
    public static Mapping<Board, Pin> BoardHasPins { get; } = new(1, "board_has_pins");

    public static Mapping<Board, Board> BoardFollowsBoards { get; } = new(2, "board_follows_boards");

    public static Mapping<Board, Board> BoardFollowedByBoards { get; } =
        BoardFollowsBoards.Reverse(3, "board_followed_by_boards");

    public static ShardingModel Model { get; } =
        new([Pin.Type, Board.Type], [BoardHasPins, BoardFollowsBoards, BoardFollowedByBoards]);

    public sealed record Pin(string Title)
    {
        public static ObjectType<Pin> Type { get; } = new(1, "pins", Json.Default.Pin);
    }

    public sealed record Board(string Name)
    {
        public static ObjectType<Board> Type { get; } = new(2, "boards", Json.Default.Board);
    }

    [JsonSerializable(typeof(Pin)), JsonSerializable(typeof(Board))]
    sealed partial class Json : JsonSerializerContext;
}
