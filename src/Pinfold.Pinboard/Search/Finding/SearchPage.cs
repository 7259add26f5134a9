using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Finding;

/// <summary>A part of what was found, as far as the viewer may see it.</summary>
/// <param name="Pins">Best first.</param>
/// <param name="Total">How many pins the index found.</param>
/// <param name="Next">Where the next part begins; null for nowhere.</param>
/// <param name="Facets">By which what was found can be narrowed; of the first part alone.</param>
/// <param name="Boards">Boards that are called so; of the first part alone.</param>
/// <param name="People">People who are called so; of the first part alone.</param>
sealed record SearchPage(
    IReadOnlyList<ListedPin> Pins, long Total, SearchPlace? Next, ShownFacets Facets, IReadOnlyList<FoundBoard> Boards,
    IReadOnlyList<Stored<User>> People)
{
    public static SearchPage Empty { get; } = new([], 0, null, ShownFacets.None, [], []);
}

/// <summary>Where a part of what is found begins.</summary>
/// <param name="Offset">How much is before it.</param>
/// <param name="At">The moment of the first part, from which ages are counted in all of them.</param>
readonly record struct SearchPlace(int Offset, DateTimeOffset At);

/// <summary>A board that was found, with whose it is.</summary>
sealed record FoundBoard(Stored<Board> Board, User Owner);

/// <summary><see cref="SearchFacets"/> with boards by name, of those that the viewer may see.</summary>
sealed record ShownFacets(SearchFacets Counts, IReadOnlyDictionary<ObjectId<Board>, string> BoardNames)
{
    public static ShownFacets None { get; } = new(SearchFacets.None, new Dictionary<ObjectId<Board>, string>());
}
