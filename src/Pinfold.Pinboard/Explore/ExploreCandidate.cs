using Pinfold.Sharding;

namespace Pinfold.Pinboard.Explore;

/// <summary>A pin that may be explored.</summary>
/// <param name="Pin">Which.</param>
/// <param name="Author">Whose.</param>
/// <param name="Board">On which board.</param>
/// <param name="Heat">What it is sorted by; see <see cref="Explore.Heat"/>.</param>
sealed record ExploreCandidate(ObjectId<Pin> Pin, ObjectId<User> Author, ObjectId<Board> Board, long Heat)
{
    public ExplorePosition Position => new(Heat, Pin);
}

/// <summary>A place in the order: the hottest first, of two as hot the younger.</summary>
readonly record struct ExplorePosition(long Heat, ObjectId<Pin> Pin) : IComparable<ExplorePosition>
{
    public int CompareTo(ExplorePosition other) =>
        Heat != other.Heat ? other.Heat.CompareTo(Heat) : other.Pin.CompareTo(Pin);
}

/// <summary>What became of a pin; null: nobody is to be shown it.</summary>
readonly record struct ExploreChange(ObjectId<Pin> Pin, ExploreCandidate? Candidate);
