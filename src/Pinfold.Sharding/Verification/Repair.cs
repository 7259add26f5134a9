using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Verification;

/// <summary>How a fault is put right.</summary>
abstract record Repair;

/// <summary>A list is counted.</summary>
sealed record Recount(Mapping Mapping, ObjectId From) : Repair;

/// <summary>An entry of a reverse mapping becomes what its forward one says.</summary>
sealed record ReverseAnew(Pair Pair) : Repair;

/// <summary>A reservation is confirmed or given back, as the journal of its owner's shard says.</summary>
sealed record SettleName(NameRow Row) : Repair;

/// <summary>An entry of a mapping that has a reverse, by its ends.</summary>
/// <param name="Forward">The mapping.</param>
/// <param name="Reverse">Its reverse.</param>
/// <param name="From">Where the forward entry is.</param>
/// <param name="To">Where the reverse entry is.</param>
readonly record struct Pair(Mapping Forward, Mapping Reverse, ObjectId From, ObjectId To)
{
    public RowKey ForwardKey => RowKey.Of(Forward.Number, From.Value, To.Value);

    public RowKey ReverseKey => RowKey.Of(Reverse.Number, To.Value, From.Value);
}
