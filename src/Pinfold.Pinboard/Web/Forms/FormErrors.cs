using Microsoft.AspNetCore.Identity;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Forms;

/// <summary>Errors of what was typed, by field; the empty name is for the form as a whole.</summary>
static class FormErrors
{
    /// <summary>Whether typing something else would help.</summary>
    public static bool IsOfInput(PinfoldException e) =>
        e.Kind is ErrorKind.Invalid or ErrorKind.LimitExceeded or ErrorKind.Conflict;

    /// <summary>What <paramref name="check"/> makes of a field, or null and its error.</summary>
    public static T? Check<T>(Dictionary<string, string> errors, string field, Func<T> check)
    {
        try
        {
            return check();
        }
        catch (PinfoldException e) when (IsOfInput(e))
        {
            errors[field] = e.Message;
            return default;
        }
    }

    /// <inheritdoc cref="Check{T}"/>
    public static async Task<T?> CheckAsync<T>(Dictionary<string, string> errors, string field, Func<Task<T>> check)
    {
        try
        {
            return await check();
        }
        catch (PinfoldException e) when (IsOfInput(e))
        {
            errors[field] = e.Message;
            return default;
        }
    }

    public static string FieldOf(IdentityError error) => error.Code switch
    {
        "PasswordMismatch" => "current",
        var code when code.StartsWith("Password", StringComparison.Ordinal) => "password",
        "DuplicateUserName" or "InvalidUserName" => "username",
        "DuplicateEmail" or "InvalidEmail" => "email",
        _ => "",
    };
}
