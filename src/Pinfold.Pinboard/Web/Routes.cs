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
    public const string Search = "/search";
    public const string Theme = "/theme";

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
    public static string ImportProblems(string id) => $"/import/{id}/problems.csv";
    public static string StopImport(string id) => $"/import/{id}/stop";
    public static string GoOnWithImport(string id) => $"/import/{id}/go-on";
}
