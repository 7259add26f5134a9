using System.Security.Cryptography;
using System.Text;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Users;

/// <summary>
/// Counts wrong passwords on the shard of the account, by who tried: a network, or a device that its owner has signed
/// in on before. Each has its own tries, so nobody uses up those of another.
/// </summary>
/// <remarks>
/// An entry for each wrong password, so that processes that count at once lose none. Names that nobody has are counted
/// alike, see <see cref="Accounts.Nobody"/>.
/// </remarks>
static class WrongPasswords
{
    /// <summary>Of one network or device for one account, within <see cref="Rest"/>.</summary>
    public const int OfOneMax = 10;

    /// <summary>Of all networks for one account in an hour; beyond, a network that is new to it has few
    /// tries.</summary>
    public const int OfAllMax = 100;

    /// <summary>Of one network in an hour, while an account has more than <see cref="OfAllMax"/>.</summary>
    public const int OfOneMaxBeyond = 3;

    /// <summary>Kept of one account.</summary>
    public const int KeptMax = 1000;

    /// <summary>A few more than are kept, so that what is too much is seen and goes.</summary>
    public const int ReadMax = KeptMax + 200;

    const int HashBytes = 8;

    /// <summary>How long ten wrong passwords count.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(15);

    static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Who tries, as it is kept: whether on a known device, and a hash.</summary>
    /// <param name="account">An account, or a name that nobody has.</param>
    /// <param name="client">Where from.</param>
    /// <param name="isKnown">Whether its device is that account's.</param>
    public static byte[] Who(string account, Client client, bool isKnown)
    {
        var who = $"{account} {(isKnown ? $"{client.Known!.Number}" : client.Origin)}";
        return [(byte)(isKnown ? 1 : 0), .. SHA256.HashData(Encoding.UTF8.GetBytes(who)).AsSpan(0, HashBytes)];
    }

    /// <summary>Whether a password is heard at all.</summary>
    public static bool Allow(IReadOnlyList<Entry<Session>> tries, byte[] who, DateTimeOffset now)
    {
        if (CountSince(now - Rest, IsOfWho) >= OfOneMax)
            return false;
        var isKnown = who[0] == 1;
        return isKnown || CountSince(now - Hour, t => t.Body.Span[0] == 0) < OfAllMax
            || CountSince(now - Hour, IsOfWho) < OfOneMaxBeyond;

        int CountSince(DateTimeOffset since, Func<Entry<Session>, bool> isCounted) =>
            tries.TakeWhile(t => t.Sequence > since.ToUnixTimeMilliseconds()).Count(isCounted);

        bool IsOfWho(Entry<Session> t) => t.Body.Span.SequenceEqual(who);
    }

    /// <summary>One more; those that count no longer go.</summary>
    public static void Count(Transaction transaction, AccountRead account, byte[] who, DateTimeOffset now)
    {
        transaction.Put(UserHasWrongPasswords, account.Id, AnyPlace(account.Id), now.ToUnixTimeMilliseconds(), who);
        RemoveOld(transaction, account, now);
    }

    /// <summary>The right one was given: those before it do not count.</summary>
    public static void Forgive(Transaction transaction, AccountRead account, byte[] who, DateTimeOffset now)
    {
        foreach (var t in account.WrongPasswords.Take(KeptMax).Where(t => t.Body.Span.SequenceEqual(who)))
            transaction.Remove(UserHasWrongPasswords, account.Id, t.To);
        RemoveOld(transaction, account, now);
    }

    static void RemoveOld(Transaction transaction, AccountRead account, DateTimeOffset now)
    {
        const int AtOnceMax = 500;
        var since = (now - Hour).ToUnixTimeMilliseconds();
        foreach (var t in account.WrongPasswords.Where((t, i) => i >= KeptMax - 1 || t.Sequence <= since)
            .Take(AtOnceMax))
            transaction.Remove(UserHasWrongPasswords, account.Id, t.To);
    }

    static ObjectId<Session> AnyPlace(ObjectId<User> user) => Session.Type.Id(new ObjectId(
        user.Shard, Session.Type.Number, 1 + (long)(Random.Shared.NextDouble() * (ObjectId.LocalMax - 1))));
}
