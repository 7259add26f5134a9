using System.CommandLine;

namespace Pinfold.Cli.Operation;

/// <summary><c>pinfold operation resume ID</c>: runs it from where it stands, in this process.</summary>
static class OperationResumeCommand
{
    public static Command Create() => OperationVerb.Create(
        "resume", "Goes on with an operation that was paused, that failed, or whose process died.",
        changesShards: true, OperationRun.RunAsync);
}
