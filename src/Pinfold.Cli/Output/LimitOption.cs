using Pinfold.Sharding;

namespace Pinfold.Cli.Output;

/// <summary>How much a command that lists lists.</summary>
static class LimitOption
{
    public const int Most = 1_000_000;

    /// <exception cref="PinfoldException">Invalid: it says what would be right.</exception>
    public static int Checked(int limit) => limit is >= 1 and <= Most
        ? limit
        : throw new PinfoldException(ErrorKind.Invalid, $"--limit {limit} is not right; 1 to {Most} is.");
}
