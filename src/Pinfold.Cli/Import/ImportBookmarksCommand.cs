using System.CommandLine;
using Pinfold.Pinboard.Import;

namespace Pinfold.Cli.Import;

/// <summary><c>pinfold import bookmarks FILE --user NAME</c>.</summary>
static class ImportBookmarksCommand
{
    public static Command Create() =>
        ImportCommand.Create(
            "bookmarks", "Imports a browser's or service's bookmark file.", "FILE", ImportSource.Bookmarks);
}
