using System.Globalization;
using System.Text.RegularExpressions;

namespace Pinfold.Sharding.Topology;

/// <summary>
/// What an installation's databases are called on its MySQL and MariaDB servers, so that several may share one. A
/// SQLite server has a folder instead, and its files are called the same in every installation.
/// </summary>
/// <param name="Prefix">
/// What all of them begin with: lower case, as some servers write every name so; checked when a topology is read.
/// </param>
public sealed partial record DatabaseNames(string Prefix)
{
    /// <summary>The prefix when the topology names none.</summary>
    public const string DefaultPrefix = "pinfold";

    /// <summary>The names under <see cref="DefaultPrefix"/>.</summary>
    public static DatabaseNames Default { get; } = new(DefaultPrefix);

    /// <summary>What a prefix has to be, for a person.</summary>
    internal const string Right = "a lower-case letter and up to 29 more of a-z, 0-9 and _, not ending in five digits";

    /// <summary>The one database of each server that belongs to no shard alone: the prefix itself.</summary>
    public string Server => Prefix;

    /// <summary>A shard's database: <c>pinfold00042</c>.</summary>
    public string Of(ShardId shard) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{shard.Value:D5}");

    /// <summary>One that ends in five digits could be another installation's shard.</summary>
    internal static bool IsPrefix(string text) => Form().IsMatch(text);

    [GeneratedRegex(@"^(?!.*[0-9]{5}$)[a-z][a-z0-9_]{0,29}\z")]
    private static partial Regex Form();
}
