using Pinfold.Sharding;

namespace Pinfold.Cli.Running;

/// <summary>What the process ends with. Scripts rely on these; docs/reference/exit-codes.md says the same.</summary>
static class ExitCodes
{
    public const int Done = 0;

    /// <summary>Something unexpected: a fault of the program. Its log has the details.</summary>
    public const int Fault = 1;

    /// <summary>The command line or the input is wrong; the message says what would be right.</summary>
    public const int Wrong = 2;

    /// <summary>There is no such object, user, shard or file.</summary>
    public const int NotFound = 3;

    /// <summary>Somebody has it already, or changed it meanwhile.</summary>
    public const int Conflict = 4;

    /// <summary>A server, a folder or a port cannot be used now; the same command may work later.</summary>
    public const int Unavailable = 5;

    /// <summary>Done, but not all of it: some rows were refused. The output has each with its reason.</summary>
    public const int Partly = 6;

    /// <summary>Stored data is damaged, or of a newer version than this program.</summary>
    public const int Corrupt = 7;

    /// <summary>Interrupted (Ctrl-C, SIGTERM); running the same command again carries on.</summary>
    public const int Interrupted = 130;

    public static int Of(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid or ErrorKind.LimitExceeded or ErrorKind.Forbidden => Wrong,
        ErrorKind.NotFound => NotFound,
        ErrorKind.Conflict => Conflict,
        ErrorKind.Corrupt => Corrupt,
        _ => Unavailable,
    };
}
