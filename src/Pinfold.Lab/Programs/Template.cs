using System.Security.Cryptography;
using System.Text;

namespace Pinfold.Lab.Programs;

/// <summary>
/// Folders that take seconds to make and are the same each time (an empty database): made once, kept in the user's
/// cache folder, and copied for each server.
/// </summary>
public static class Template
{
    static readonly TimeSpan LockPollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The folder for this name and key (what it was made from: a version); when it is missing, <paramref name="make"/>
    /// fills an empty one, which gets its place only when complete.
    /// </summary>
    public static async Task<string> GetAsync(string name, string key, Func<string, Task> make)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..12];
        var folder = Path.Combine(CacheRoot, $"{name}-{hash}");
        if (Directory.Exists(folder))
            return folder;
        Directory.CreateDirectory(CacheRoot);
        // Programs that run side by side want the same one: the first makes it, the others wait.
        await using var turn = await LockAsync(folder + ".lock");
        if (Directory.Exists(folder))
            return folder;
        // Whoever was interrupted here has left it.
        var arriving = folder + ".arriving";
        if (Directory.Exists(arriving))
            Directory.Delete(arriving, recursive: true);
        Directory.CreateDirectory(arriving);
        await make(arriving);
        Directory.Move(arriving, folder);
        return folder;
    }

    /// <summary>Copies a folder with modes and holes; the target must not exist.</summary>
    public static Task CopyAsync(string from, string to) =>
        Executable.RunAsync("cp", ["-a", "--reflink=auto", "--sparse=always", from, to]);

    /// <summary>Held until disposed, or until this process ends in whatever way.</summary>
    static async Task<FileStream> LockAsync(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(LockPollInterval);
            }
        }
    }

    static string CacheRoot { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
        : Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".cache")
        : Path.GetTempPath(),
        "pinfold-lab");
}
