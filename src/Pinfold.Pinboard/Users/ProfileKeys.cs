using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Users;

/// <summary>The cache keys of the first page of a profile, as its owner and as everybody else sees it.</summary>
static class ProfileKeys
{
    public static string Of(string username, bool asOwner) => $"v1:profile:{username}:{(asOwner ? "own" : "all")}";

    /// <summary>Every write that can change a profile's first page says so with this.</summary>
    public static void Invalidate(Transaction transaction, User user)
    {
        transaction.Invalidate(Of(user.Username, asOwner: true));
        transaction.Invalidate(Of(user.Username, asOwner: false));
    }
}
