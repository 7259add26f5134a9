using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Pinfold.Pinboard.Users;

/// <summary>
/// ASP.NET Core Identity's hashes, of passwords brought to one form of Unicode, and as much work for every comparison.
/// </summary>
sealed class AccountPasswordHasher(IOptions<PasswordHasherOptions> options) : PasswordHasher<Account>(options)
{
    /// <summary>
    /// PBKDF2 with HMAC-SHA-512, which is what Identity uses: OWASP's Password Storage Cheat Sheet of 2026.
    /// </summary>
    public const int Iterations = 220_000;

    const int HeaderBytes = 13;
    const int KeyBytes = 32;

    /// <summary>Compared with when there is no account: a hash that no password has, and that costs what one
    /// does.</summary>
    public const string Nobodys = "";

    readonly int _iterations = options.Value.IterationCount;

    public override string HashPassword(Account user, string password) =>
        base.HashPassword(user, NewPasswords.OneForm(password));

    public override PasswordVerificationResult VerifyHashedPassword(
        Account user, string hashedPassword, string providedPassword)
    {
        var password = NewPasswords.OneForm(providedPassword);
        var result = Compare(user, hashedPassword, password);
        if (result != PasswordVerificationResult.Failed || password == providedPassword)
            return result;
        // Before passwords had one form, they were hashed as they were typed. Half a surrogate pair has no bytes.
        var typed = string.Concat(providedPassword.EnumerateRunes());
        return Compare(user, hashedPassword, typed) == PasswordVerificationResult.Failed
            ? PasswordVerificationResult.Failed
            : PasswordVerificationResult.SuccessRehashNeeded;
    }

    PasswordVerificationResult Compare(Account user, string hashedPassword, string password)
    {
        if (hashedPassword == Nobodys)
        {
            Work(password, _iterations);
            return PasswordVerificationResult.Failed;
        }
        var result = base.VerifyHashedPassword(user, hashedPassword, password);
        // An account of earlier days is not told from a name that nobody has by the time it takes.
        if (result != PasswordVerificationResult.SuccessRehashNeeded)
            Work(password, _iterations - IterationsOf(hashedPassword));
        return result;
    }

    static void Work(string password, int iterations)
    {
        if (iterations <= 0)
            return;
        Span<byte> salt = stackalloc byte[16];
        Span<byte> key = stackalloc byte[KeyBytes];
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, key, iterations, HashAlgorithmName.SHA512);
    }

    /// <summary>Of Identity's format: a byte that says 1, then as 32 bits the function, the iterations, the salt's
    /// length.</summary>
    static int IterationsOf(string hash)
    {
        Span<byte> bytes = stackalloc byte[256];
        return Convert.TryFromBase64String(hash, bytes, out var length) && length > HeaderBytes && bytes[0] == 1
            ? (int)BinaryPrimitives.ReadUInt32BigEndian(bytes[5..])
            : 0;
    }
}
