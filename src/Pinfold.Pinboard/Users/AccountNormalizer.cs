using Microsoft.AspNetCore.Identity;

namespace Pinfold.Pinboard.Users;

/// <summary>Names are compared in lower case, as they are shown in addresses.</summary>
sealed class AccountNormalizer : ILookupNormalizer
{
    public string? NormalizeName(string? name) => name?.Trim().ToLowerInvariant();

    public string? NormalizeEmail(string? email) => email?.Trim().ToLowerInvariant();
}
