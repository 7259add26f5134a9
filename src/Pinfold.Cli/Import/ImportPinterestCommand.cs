using System.CommandLine;
using Pinfold.Pinboard.Import;

namespace Pinfold.Cli.Import;

/// <summary><c>pinfold import pinterest FILE --user NAME</c>.</summary>
static class ImportPinterestCommand
{
    public static Command Create() =>
        ImportCommand.Create("pinterest", "Imports the export that Pinterest sends.", "FILE", ImportSource.Pinterest);
}
