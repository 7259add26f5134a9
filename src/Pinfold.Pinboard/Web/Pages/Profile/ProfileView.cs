using Pinfold.Pinboard.Web.Cards;

namespace Pinfold.Pinboard.Web.Pages.Profile;

internal sealed record ProfileView : PageView
{
    public required Person Person { get; init; }
    public string? About { get; init; }
    public long BoardCount { get; init; }
    public long PinCount { get; init; }
    public IReadOnlyList<BoardCard> Boards { get; init; } = [];
    public Feed Feed { get; init; } = Feed.Empty;
    public bool Own { get; init; }

    public override string? Place => Own ? "profile" : null;
}
