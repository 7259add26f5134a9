namespace Pinfold.Sharding.Following;

/// <summary>Names of followers stand in SQL text, so they are checked before they get there.</summary>
static class FollowerNames
{
    const int LengthMax = 64;

    public static string Checked(string name) =>
        name.Length is > 0 and <= LengthMax
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_')
            ? name
            : throw PinfoldException.Invalid(
                $"\"{name}\" is not the name of a follower: lower case letters, digits, - and _, at most {LengthMax}.");

    public static void RefuseWrong(IReadOnlyList<IFollower> followers)
    {
        foreach (var follower in followers)
        {
            Checked(follower.Name);
            if (follower.ShardsAtOnceMax is < 1 or > 64)
                throw PinfoldException.Invalid(
                    $"Follower {follower.Name} wants {follower.ShardsAtOnceMax} shards at once; 1 to 64 is right.");
            if (follower is IBatchFollower { TransactionsAtOnceMax: var most } && most is (< 1 or > 10_000))
                throw PinfoldException.Invalid(
                    $"Follower {follower.Name} wants {most} transactions at once; 1 to 10,000 is right.");
            if (follower is IConcurrentFollower { TransactionsOfAShardAtOnceMax: var inFlight }
                && inFlight is (< 1 or > 10_000))
                throw PinfoldException.Invalid($"Follower {follower.Name} wants {inFlight} transactions of a shard "
                    + "at once; 1 to 10,000 is right.");
            if (follower is IConcurrentFollower { CursorTransactionsMax: int ahead } && ahead is (< 1 or > 1_000_000))
                throw PinfoldException.Invalid($"Follower {follower.Name} wants to be {ahead} transactions ahead of "
                    + "its cursor; 1 to 1,000,000 is right.");
            if (follower is IConcurrentFollower and IBatchFollower)
                throw PinfoldException.Invalid(
                    $"Follower {follower.Name} wants batches, and transactions side by side; one of them is right.");
        }
        if (followers.GroupBy(f => f.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw PinfoldException.Invalid(
                $"{twice.Count()} followers are called {twice.Key}; each needs a name of its own.");
    }
}
