using Pinfold.Pinboard.Follows;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>A button that follows somebody or something, or ends that; it works with a script and without.</summary>
/// <param name="Id">Its element, unique on a page; put in place anew from the page that comes after.</param>
/// <param name="Href">Where it posts to; where it leads, for who has to sign in first.</param>
/// <param name="IsLink">Whether it leads there.</param>
/// <param name="Label">What it says.</param>
/// <param name="Of">Of whom or what, for who hears it alone.</param>
/// <param name="IsStrong">Whether it is what one would do here.</param>
/// <param name="Return">Which page comes after it.</param>
internal sealed record FollowControl(
    string Id, string Href, bool IsLink, string Label, string Of, bool IsStrong, string Return)
{
    /// <summary>How things are, where the button does not tell; null where it does.</summary>
    public string? Note { get; init; }

    /// <summary>Null for oneself.</summary>
    public static FollowControl? OfPerson(Caller caller, Person person, bool isFollowed, string path)
    {
        if (caller.Person?.Username == person.Username)
            return null;
        var verb = isFollowed ? "unfollow" : "follow";
        return new FollowControl(
            $"follow-{person.Username}",
            caller.Viewer.IsSignedIn ? Routes.DoToPerson(person.Username, verb) : Routes.SignInFor(path),
            !caller.Viewer.IsSignedIn, isFollowed ? "Unfollow" : "Follow", person.DisplayName, !isFollowed, path);
    }

    /// <summary>Of a board of somebody else.</summary>
    public static FollowControl OfBoard(
        Caller caller, string id, string name, Person owner, BoardFollow follow, string path)
    {
        var (verb, label) = follow switch
        {
            BoardFollow.ByItself => ("unfollow", "Unfollow board"),
            BoardFollow.WithItsOwner => ("leave-out", "Leave out this board"),
            BoardFollow.LeftOut => ("take-back", "Take it back in"),
            _ => ("follow", "Follow board"),
        };
        return new FollowControl(
            $"follow-{id}", caller.Viewer.IsSignedIn ? Routes.DoToBoard(id, verb) : Routes.SignInFor(path),
            !caller.Viewer.IsSignedIn, label, name, follow == BoardFollow.None, path)
        {
            Note = follow switch
            {
                BoardFollow.WithItsOwner => $"You follow {owner.DisplayName}, and so this board.",
                BoardFollow.LeftOut => $"You follow {owner.DisplayName} without this board.",
                _ => null,
            },
        };
    }
}
