using Pinfold.Sharding;

namespace Pinfold.Pinboard.Access;

/// <summary>Who may see what: the one place that decides, for pages, API and image files alike.</summary>
static class Visibility
{
    /// <summary>A board is seen by its owner, and by everybody unless it is secret.</summary>
    public static bool CanSee(Viewer viewer, Board board) => viewer.Is(board.Owner) || !board.IsSecret;

    /// <summary>A pin is seen by its owner, and by everybody if neither it nor its board is secret.</summary>
    public static bool CanSee(Viewer viewer, Pin pin, Board? board) =>
        viewer.Is(pin.Owner) || (board is { IsSecret: false } && !pin.IsSecret);

    /// <summary>Only the owner changes what is theirs.</summary>
    public static void RefuseUnlessOwner(Viewer viewer, ObjectId<User> owner)
    {
        if (!viewer.Is(owner))
            throw new PinfoldException(ErrorKind.Forbidden, "Only its owner can change this.");
    }
}
