using Pinfold.Pinboard.Search.Queries;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search;

/// <summary>What an index is asked.</summary>
/// <param name="Type">Of which objects.</param>
/// <param name="Query">Their words; nothing of it for all there are, newest first.</param>
/// <param name="Viewer">Who finds what is secret, where it is their own; none for nobody.</param>
/// <param name="At">The moment from which ages are counted, the same for all pages of one search.</param>
sealed record SearchRequest(ObjectType Type, SearchQuery Query, ObjectId<User> Viewer, DateTimeOffset At)
{
    /// <summary>Nobody looks further than this; an index need not sort more.</summary>
    public const int DepthMax = 1000;

    /// <summary>Only what is theirs; none for everybody's.</summary>
    public ObjectId<User> Owner { get; init; }

    public SearchFilter Filter { get; init; } = new();

    /// <summary>Whether words are looked for in titles and names alone, each as the beginning of one.</summary>
    public bool InTitlesOnly { get; init; }

    public int Offset { get; init; }

    public int Limit { get; init; } = 50;

    public bool WithFacets { get; init; }
}

/// <summary>What was chosen of what facets offer; null for all.</summary>
sealed record SearchFilter
{
    public ObjectId<Board> Board { get; init; }

    public string? Colour { get; init; }

    public string? Kind { get; init; }

    public int? Year { get; init; }
}

/// <summary>What an index found.</summary>
/// <param name="Total">How much there is.</param>
/// <param name="Ids">The part that was asked for, best first.</param>
/// <param name="Facets">Of all there is; empty unless asked for.</param>
sealed record SearchHits(long Total, IReadOnlyList<ObjectId> Ids, SearchFacets Facets);

/// <summary>How much of what was found is of which kind, most first.</summary>
sealed record SearchFacets
{
    public const int ValuesMax = 12;

    public static SearchFacets None { get; } = new();

    public IReadOnlyList<FacetCount<ObjectId<Board>>> Boards { get; init; } = [];

    public IReadOnlyList<FacetCount<string>> Colours { get; init; } = [];

    public IReadOnlyList<FacetCount<string>> Kinds { get; init; } = [];

    public IReadOnlyList<FacetCount<int>> Years { get; init; } = [];
}

/// <summary>A value and how many have it.</summary>
readonly record struct FacetCount<T>(T Value, long Count);

/// <summary>What is like a pin.</summary>
/// <param name="Pin">Which is not found itself.</param>
/// <param name="Stems">Its words, without those that say nothing.</param>
/// <param name="Tags">Their keys.</param>
/// <param name="PictureHash">Of its file, or null.</param>
/// <param name="PerceptualHash">0 for none.</param>
/// <param name="Viewer">As in <see cref="SearchRequest"/>.</param>
sealed record RelatedRequest(
    ObjectId<Pin> Pin, IReadOnlyList<string> Stems, IReadOnlyList<string> Tags, string? PictureHash,
    ulong PerceptualHash, ObjectId<User> Viewer)
{
    public int Limit { get; init; } = 24;

    /// <summary>Only what shows the same picture, perhaps: whoever asks compares.</summary>
    public bool OfPictureOnly { get; init; }
}

/// <summary>A tag that begins as was asked, and how many pins have it.</summary>
readonly record struct TagCount(string Name, long Count);
