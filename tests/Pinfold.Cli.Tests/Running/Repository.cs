namespace Pinfold.Cli.Tests.Running;

/// <summary>Files of the repository that tests hold to their word.</summary>
static class Repository
{
    public static string Path(string relative)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder!.FullName, "Pinfold.slnx")))
            folder = folder.Parent;
        return System.IO.Path.Combine(folder.FullName, relative);
    }

    public static string Read(string relative) => File.ReadAllText(Path(relative));
}
