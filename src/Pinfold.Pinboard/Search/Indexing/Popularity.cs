using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Indexing;

/// <summary>How often others took pins up: the one place that says what counts for that.</summary>
static class Popularity
{
    /// <summary>Nothing is counted so far.</summary>
    public static IReadOnlyDictionary<ObjectId<Pin>, long> Of(IEnumerable<ObjectId<Pin>> pins) =>
        pins.ToDictionary(pin => pin, _ => 0L);
}
