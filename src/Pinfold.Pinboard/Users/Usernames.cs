using System.Net.Mail;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Users;

/// <summary>What a user name and an email address may be, and the one form in which they are compared.</summary>
static class Usernames
{
    const int LengthMin = 3;
    const int LengthMax = 30;
    const int EmailLengthMax = 200;

    /// <summary>First parts of addresses that lead elsewhere.</summary>
    static readonly HashSet<string> Taken =
    [
        "about", "account", "admin", "api", "assets", "board", "boards", "console", "error", "explore", "favicon",
        "feed", "fleet", "health", "healthz", "help", "home", "image", "images", "import", "imports", "login", "logout",
        "manifest", "metrics", "new", "notifications", "openapi", "pin", "pinfold", "pins", "privacy", "robots", "save",
        "scalar", "search", "settings", "sign-in", "sign-out", "sign-up", "signin", "signout", "signup", "static",
        "sitemap", "sitemaps", "status", "support", "system", "tag", "tags", "terms", "theme", "user", "users", "view",
        "well-known",
    ];

    /// <summary>The form to keep and to compare: lower case.</summary>
    /// <exception cref="PinfoldException">Invalid: it says what a user name is.</exception>
    public static string Checked(string? username)
    {
        var name = (username ?? "").Trim().ToLowerInvariant();
        var right = name.Length is >= LengthMin and <= LengthMax
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && char.IsAsciiLetterOrDigit(name[0]);
        if (!right)
            throw new PinfoldException(ErrorKind.Invalid,
                $"A user name has {LengthMin} to {LengthMax} letters (a to z), digits, dashes or underscores, and " +
                    "begins with a letter or digit.");
        return Taken.Contains(name)
            ? throw new PinfoldException(ErrorKind.Conflict, $"The user name \"{name}\" is taken; choose another.")
            : name;
    }

    /// <summary>Whether a name could be anybody's; spares a look-up for what cannot.</summary>
    public static bool IsPossible(string? username)
    {
        try
        {
            return username is not null && Checked(username).Length > 0;
        }
        catch (PinfoldException)
        {
            return false;
        }
    }

    /// <summary>The form to compare: lower case.</summary>
    /// <exception cref="PinfoldException">Invalid: it is no address.</exception>
    public static string CheckedEmail(string? email)
    {
        var address = (email ?? "").Trim().ToLowerInvariant();
        return address.Length <= EmailLengthMax && MailAddress.TryCreate(address, out var parsed)
            && parsed.Address == address
            && address.All(c => !char.IsControl(c))
            ? address
            : throw new PinfoldException(
                ErrorKind.Invalid, "This is not an email address; one looks like name@example.org.");
    }
}
