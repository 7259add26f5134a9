using Pinfold.Pinboard.Pins;

namespace Pinfold.Pinboard.Search.Indexing;

/// <summary>How often others took pins up: the one place that says what counts for that.</summary>
static class Popularity
{
    /// <summary>Who keeps a pin, or has something to say of it, does more than who likes it.</summary>
    const int OfRepin = 3, OfComment = 2;

    public static long Of(PinCount count) => count.Likes + (OfComment * count.Comments) + (OfRepin * count.Repins);
}
