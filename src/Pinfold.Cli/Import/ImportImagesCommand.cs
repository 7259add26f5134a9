using System.CommandLine;
using Pinfold.Pinboard.Import;

namespace Pinfold.Cli.Import;

/// <summary><c>pinfold import images FOLDER --user NAME</c>.</summary>
static class ImportImagesCommand
{
    public static Command Create() =>
        ImportCommand.Create("images", "Imports a folder of pictures, or a zip of one.", "FOLDER", ImportSource.Images);
}
