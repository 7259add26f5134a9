using Microsoft.Extensions.Logging;

namespace Pinfold.Pinboard;

/// <summary>
/// The folder that holds everything: password hashes, keys, pictures with the place where they were taken. It is its
/// owner's alone, whatever the umask was when it was made.
/// </summary>
static partial class DataFolder
{
    const UnixFileMode OwnersFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public const string Shards = "shards";
    public const string Pictures = "pictures";
    public const string Imports = "imports";
    public const string Keys = "keys";
    public const string Search = "search";
    public const string Temporary = "temporary";
    public const string LastKnownGoodTopology = "topology.last-known-good.json";

    static readonly string[] Folders = [Shards, Pictures, Imports, Keys, Search, Temporary];

    /// <summary>Of these every file is closed by itself too; of pictures there may be millions, behind their folder.
    /// </summary>
    static readonly string[] FoldersOfFewFiles = [Shards, Keys];

    /// <summary>
    /// Makes what is not there, and closes to others what an earlier version, or somebody's copy, left open. A folder
    /// that holds other things beside is not Pinfold's to close: there its own are.
    /// </summary>
    /// <exception cref="Exception">IOException, UnauthorizedAccessException: the folder cannot be made.</exception>
    public static void Open(string folder, ILogger log)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path.Combine(folder, Temporary));
            return;
        }
        var isNew = !Directory.Exists(folder);
        Directory.CreateDirectory(folder, OwnersFolder);
        if (isNew || new DirectoryInfo(folder).EnumerateFileSystemInfos().All(IsOwn))
            Close(folder, OwnersFolder, log);
        foreach (var name in Folders.Where(name => Directory.Exists(Path.Combine(folder, name))))
            Close(Path.Combine(folder, name), OwnersFolder, log);
        Directory.CreateDirectory(Path.Combine(folder, Temporary), OwnersFolder);
        foreach (var file in FoldersOfFewFiles.Select(name => Path.Combine(folder, name)).Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles).Append(Path.Combine(folder, LastKnownGoodTopology)))
            Close(file, OwnersFile, log);
    }

    // What file systems put there themselves, and what others make of a folder in their care.
    static bool IsOwn(FileSystemInfo entry) =>
        entry.Name is LastKnownGoodTopology or "lost+found" || entry.Name.StartsWith('.')
        || Folders.Contains(entry.Name);

    static void Close(string path, UnixFileMode owners, ILogger log)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            if ((File.GetUnixFileMode(path) & ~owners) != 0)
                File.SetUnixFileMode(path, owners);
        }
        catch (FileNotFoundException)
        {
            // A file of SQLite that another process has just removed, or there was none.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogOpen(log, path, e.Message);
        }
    }

    [LoggerMessage(310, LogLevel.Warning,
        "Other users of this machine may read {Path}, and it cannot be closed to them: {Problem} Its owner can: "
        + "chmod go= on it")]
    static partial void LogOpen(ILogger log, string path, string problem);
}
