using Pinfold.Pinboard.Web.Cards;

namespace Pinfold.Pinboard.Web.Pages.Profile;

internal sealed record ProfileView : PageView
{
    public required Person Person { get; init; }
    public string? About { get; init; }
    public long BoardCount { get; init; }
    public long PinCount { get; init; }
    public long FollowerCount { get; init; }

    /// <summary>How many people they follow.</summary>
    public long FollowingCount { get; init; }

    /// <summary>How many boards they follow by themselves.</summary>
    public long FollowedBoardCount { get; init; }

    /// <summary>Null for oneself, and while they are blocked.</summary>
    public FollowControl? Follow { get; init; }

    /// <summary>Whether they can be blocked or unblocked: somebody else is signed in.</summary>
    public bool Blockable { get; init; }

    public bool Blocked { get; init; }
    public IReadOnlyList<BoardCard> Boards { get; init; } = [];
    public Feed Feed { get; init; } = Feed.Empty;
    public bool Own { get; init; }

    public override string? Place => Own ? "profile" : null;
}
