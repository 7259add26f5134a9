namespace Pinfold.Pinboard.Web;

/// <summary>
/// Where the pages are. A user name takes the first segment, see <see cref="Users.Usernames"/> for the words that none
/// may be. With <c>--path-base</c> all of them are below it: <see cref="Serving.OwnAddress"/> adds it to redirects,
/// <see cref="Serving.LinksBelowPathBase"/> to pages.
/// </summary>
internal static class Routes
{
    public const string Home = "/";
    public const string SignUp = "/sign-up";
    public const string SignIn = "/sign-in";
    public const string SignOut = "/sign-out";
    public const string NewPin = "/new";
    public const string NewPinPreview = "/new/preview";
    public const string NewBoard = "/boards/new";
    public const string Import = "/import";
    public const string Settings = "/settings";
    public const string Password = "/settings/password";
    public const string Sessions = "/settings/sessions";
    public const string EndSession = "/settings/sessions/end";
    public const string EndOtherSessions = "/settings/sessions/end-others";
    public const string Activity = "/settings/activity";
    public const string Invitations = "/settings/invitations";
    public const string RevokeInvitation = "/settings/invitations/revoke";
    public const string Blocked = "/settings/blocked";
    public const string Explore = "/explore";
    public const string Notifications = "/notifications";

    /// <summary>Says what is new to the open page that asks, as long as it is open.</summary>
    public const string NotificationEvents = "/notifications/events";
    public const string NotificationSwitches = "/settings/notifications";
    public const string People = "/admin/people";
    public const string Search = "/search";
    public const string Suggest = "/search/suggest";
    public const string SuggestTags = "/search/tags";
    public const string Theme = "/theme";
    public const string Robots = "/robots.txt";
    public const string Sitemap = "/sitemap.xml";
    public const string View = "/view";

    /// <summary>A file of the site map, counted from 1.</summary>
    public static string SitemapPart(int part) => $"/sitemaps/{part}.xml";

    /// <summary>Home with one of its faces: see <see cref="Pages.Home.HomeFace"/>.</summary>
    public static string HomeShowing(string face) => $"{Home}?show={face}";

    /// <summary>Where an invitation leads: with what stands in its link.</summary>
    public static string SignUpBy(string invitation) => $"{SignUp}?invitation={Escaped(invitation)}";

    /// <summary>A person as administrators see them.</summary>
    public static string Person(string username) => $"{People}/{Escaped(username)}";

    public static string ChangePerson(string username, string verb) => $"{People}/{Escaped(username)}/{verb}";
    public static string SearchFor(string words) => $"{Search}?q={Escaped(words)}";
    public static string Tag(string name) => $"/tag/{Escaped(name)}";
    public static string Profile(string username) => $"/{Escaped(username)}";
    public static string Followers(string username) => $"/users/{Escaped(username)}/followers";
    public static string Following(string username) => $"/users/{Escaped(username)}/following";
    public static string FollowedBoards(string username) => $"/users/{Escaped(username)}/following/boards";

    /// <summary>Follows, unfollows, blocks or unblocks somebody.</summary>
    public static string DoToPerson(string username, string verb) => $"/users/{Escaped(username)}/{verb}";

    /// <summary>Follows or unfollows a board, leaves it out or takes it back in.</summary>
    public static string DoToBoard(string id, string verb) => $"/boards/{Escaped(id)}/{verb}";

    public static string Pin(string id) => $"/pin/{Escaped(id)}";
    public static string EditPin(string id) => $"/pin/{Escaped(id)}/edit";
    public static string DeletePin(string id) => $"/pin/{Escaped(id)}/delete";
    public static string SavePin(string id) => $"/pin/{Escaped(id)}/save";

    public static string LikePin(string id) => $"/pin/{Escaped(id)}/like";
    public static string UnlikePin(string id) => $"/pin/{Escaped(id)}/unlike";
    public static string Comments(string id) => $"/pin/{Escaped(id)}/comments";
    public static string EditComment(string id) => $"/comments/{Escaped(id)}/edit";
    public static string DeleteComment(string id) => $"/comments/{Escaped(id)}/delete";

    /// <summary>What somebody likes; for themselves alone.</summary>
    public static string Likes(string username) => $"/users/{Escaped(username)}/likes";

    /// <summary>Fetches a failed picture again.</summary>
    public static string RetryPin(string id) => $"/pin/{Escaped(id)}/retry";

    /// <summary>The picture of a preview, by what the preview was given for it.</summary>
    public static string NewPinPreviewPicture(string of) => $"{NewPinPreview}/picture?of={Escaped(of)}";

    /// <summary>The sign-in, and then on to a path of this site.</summary>
    public static string SignInFor(string path) => $"{SignIn}?returnUrl={Escaped(path)}";

    public static string Board(string username, string slug) => $"/{Escaped(username)}/{Escaped(slug)}";

    public static string EditBoard(string id) => $"/boards/{Escaped(id)}/edit";
    public static string DeleteBoard(string id) => $"/boards/{Escaped(id)}/delete";
    public static string ImportRun(string id) => $"/import/{Escaped(id)}";
    public static string ImportProblems(string id) => $"/import/{Escaped(id)}/problems.csv";
    public static string StopImport(string id) => $"/import/{Escaped(id)}/stop";
    public static string GoOnWithImport(string id) => $"/import/{Escaped(id)}/go-on";

    /// <summary>A slug keeps the letters of every script; an address, above all in a header, is ASCII.</summary>
    static string Escaped(string part) => Uri.EscapeDataString(part);
}
