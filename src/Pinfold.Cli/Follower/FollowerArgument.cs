using System.CommandLine;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;

namespace Pinfold.Cli.Follower;

/// <summary>The name of a follower.</summary>
static class FollowerArgument
{
    public static Argument<string> Create() =>
        new("NAME") { Description = "Which follower; \"pinfold follower list\" has their names." };

    /// <summary>How far it is on each shard.</summary>
    /// <exception cref="PinfoldException">NotFound: there is none of that name; it says which there are.</exception>
    public static async Task<IReadOnlyList<FollowerStatus>> ReadAsync(
        FollowerStatusReader reader, string name, CancellationToken cancellation)
    {
        var all = await reader.ReadAsync(cancellation);
        var found = all.Where(s => s.Follower == name).ToList();
        return found.Count > 0 ? found : throw new PinfoldException(
            ErrorKind.NotFound, all.Count == 0 ? "No follower has been here yet." :
            $"There is no follower \"{name}\". There is {string.Join(", ", all.Select(s => s.Follower).Distinct())}.");
    }
}
