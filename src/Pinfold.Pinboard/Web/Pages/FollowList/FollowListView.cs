using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Web.Cards;

namespace Pinfold.Pinboard.Web.Pages.FollowList;

/// <summary>Which of a person's lists it is.</summary>
internal enum FollowListKind
{
    /// <summary>Who follows them.</summary>
    Followers,

    /// <summary>Whom they follow.</summary>
    People,

    /// <summary>The boards that they follow by themselves.</summary>
    Boards,
}

internal sealed record FollowListView : PageView
{
    public required FollowListKind Kind { get; init; }
    public required Person Person { get; init; }
    public required FollowCounts Counts { get; init; }

    public IReadOnlyList<PersonCard> People { get; init; } = [];
    public IReadOnlyList<BoardCard> Boards { get; init; } = [];

    /// <summary>Where the next ones are, or null.</summary>
    public string? NextHref { get; init; }

    public string? Current(FollowListKind kind) => kind == Kind ? "page" : null;

    public string Nothing => Kind switch
    {
        FollowListKind.Followers => "No followers yet",
        FollowListKind.People => "Following nobody yet",
        _ => "Following no boards yet",
    };

    public string NothingHint => Kind is FollowListKind.Boards
        ? "A board can be followed on its own, without all that its owner pins."
        : "Look in again some other day.";
}
