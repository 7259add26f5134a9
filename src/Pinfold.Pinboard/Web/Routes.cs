namespace Pinfold.Pinboard.Web;

/// <summary>
/// Where the pages are. A user name takes the first segment, see <see cref="Users.Usernames"/> for the words that none
/// may be.
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
    public const string People = "/admin/people";
    public const string Search = "/search";
    public const string Theme = "/theme";

    /// <summary>Where an invitation leads: with what stands in its link.</summary>
    public static string SignUpBy(string invitation) => $"{SignUp}?invitation={invitation}";

    /// <summary>A person as administrators see them.</summary>
    public static string Person(string username) => $"{People}/{username}";

    public static string ChangePerson(string username, string verb) => $"{People}/{username}/{verb}";
    public static string Profile(string username) => $"/{username}";
    public static string Pin(string id) => $"/pin/{id}";
    public static string EditPin(string id) => $"/pin/{id}/edit";
    public static string DeletePin(string id) => $"/pin/{id}/delete";
    public static string SavePin(string id) => $"/pin/{id}/save";

    /// <summary>Fetches a failed picture again.</summary>
    public static string RetryPin(string id) => $"/pin/{id}/retry";

    /// <summary>A slug keeps the letters of every script; an address, above all in a header, is ASCII.</summary>
    public static string Board(string username, string slug) => $"/{username}/{Uri.EscapeDataString(slug)}";

    public static string EditBoard(string id) => $"/boards/{id}/edit";
    public static string DeleteBoard(string id) => $"/boards/{id}/delete";
    public static string ImportRun(string id) => $"/import/{id}";
    public static string StopImport(string id) => $"/import/{id}/stop";
    public static string GoOnWithImport(string id) => $"/import/{id}/go-on";
}
