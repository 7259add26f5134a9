using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Users;

/// <summary>
/// Which pages are cached whole, and forgotten by writes: the first of a profile, as its owner and as everybody else
/// sees it.
/// </summary>
static class PageInvalidation
{
    public static string ProfileKey(string username, bool asOwner) =>
        $"v2:profile:{username}:{(asOwner ? "own" : "all")}";

    /// <summary>Every write that can change a profile's first page says so with this.</summary>
    public static void OfProfile(Transaction transaction, User user)
    {
        transaction.Invalidate(ProfileKey(user.Username, asOwner: true));
        transaction.Invalidate(ProfileKey(user.Username, asOwner: false));
    }
}
