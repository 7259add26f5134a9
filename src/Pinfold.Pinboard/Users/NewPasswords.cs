using Microsoft.AspNetCore.Identity;
using Pinfold.Pinboard.Users.Guessing;

namespace Pinfold.Pinboard.Users;

/// <summary>
/// What a new password may be, after NIST SP 800-63B: long enough, none of those that are tried first, and no rules
/// about its characters. Passwords of before these rules go on to work.
/// </summary>
sealed class NewPasswords : IPasswordValidator<Account>
{
    public const int LengthMin = 12;
    public const int LengthMax = 128;

    /// <summary>Powers of ten of guesses that a password has to stand: what one hears over years of trying
    /// online.</summary>
    const double GuessesLog10Min = 8;

    /// <summary>What this is called, for who takes its name.</summary>
    static readonly string[] Service = ["pinfold", "pinboard"];

    /// <summary>Keyboards and systems write one letter in several ways; this is the one that is hashed.</summary>
    public static string OneForm(string password) => Text.Composed(password);

    /// <summary>Characters as a person counts them when they type.</summary>
    public static int LengthOf(string password) => OneForm(password).EnumerateRunes().Count();

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) =>
        Task.FromResult(Check(user, password ?? "") is { } problem
            ? IdentityResult.Failed(problem)
            : IdentityResult.Success);

    static IdentityError? Check(Account user, string password)
    {
        var length = LengthOf(password);
        if (length < LengthMin)
            return Problem("PasswordTooShort", $"A password has at least {LengthMin} characters; this has {length}. "
                + "A few words in a row do well.");
        if (length > LengthMax)
            return Problem("PasswordTooLong", $"A password has at most {LengthMax} characters; this has {length}.");
        return PasswordGuesses.Log10(OneForm(password), Names(user)) < GuessesLog10Min
            ? Problem("PasswordTooCommon",
                "This password would be guessed soon: it is a common one, a name, or a row of keys, or made of such. "
                + "A few words in a row that only you would put together do well.")
            : null;
    }

    /// <summary>What belongs to this person and to this place, whole and in parts.</summary>
    static IEnumerable<string> Names(Account user)
    {
        string?[] whole = [user.Username, user.DisplayName, user.Email, .. Service];
        return whole.OfType<string>().SelectMany(name => name.Split(' ', '@', '.', '-', '_').Prepend(name));
    }

    static IdentityError Problem(string code, string description) => new() { Code = code, Description = description };
}
