namespace Pinfold.Pinboard.Images;

/// <summary>
/// Where files are written before they are whole. Beside each lies a lock that its process holds: so what a killed
/// process left is told at once from what a living one is writing.
/// </summary>
/// <remarks>
/// The operating system lets a lock go with its process, however that ends. Some network file systems keep no locks;
/// there only age tells.
/// </remarks>
sealed class IncomingFolder(string path)
{
    const string LockExtension = ".lock";
    const int NamesMax = 10;

    /// <summary>A place for a file; its lock is held until it is disposed of.</summary>
    public IncomingFile Begin()
    {
        for (var attempt = 1; ; attempt++)
        {
            var name = Path.Combine(path, Guid.CreateVersion7().ToString("N"));
            try
            {
                var held = new FileStream(
                    name + LockExtension, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
                // A sweep may have come upon it in the moment before it was locked, and deleted it.
                if (File.Exists(held.Name))
                    return new IncomingFile($"{name}.part", held);
                held.Dispose();
            }
            catch (IOException) when (attempt < NamesMax && File.Exists(name + LockExtension))
            {
            }
        }
    }

    /// <summary>
    /// Deletes what no living process is writing, where locks do not work what was last written before
    /// <paramref name="otherwiseBefore"/>; says how many files.
    /// </summary>
    public int Sweep(DateTimeOffset otherwiseBefore)
    {
        using var own = Begin();
        var doLocksWork = IsHeld(own.LockPath, out _);
        var swept = 0;
        foreach (var file in new DirectoryInfo(path).EnumerateFiles().ToList())
        {
            var lockPath = Path.ChangeExtension(file.FullName, LockExtension);
            if (lockPath == own.LockPath
                || (!doLocksWork && file.LastWriteTimeUtc >= otherwiseBefore.UtcDateTime)
                || IsHeld(lockPath, out var taken))
                continue;
            // A lock is made before its file and goes after it; taken, it keeps anybody from beginning anew.
            using (taken)
            {
                var part = Path.ChangeExtension(file.FullName, ".part");
                swept += File.Exists(part) ? 1 : 0;
                File.Delete(part);
                file.Delete();
                File.Delete(lockPath);
            }
        }
        return swept;
    }

    /// <summary>Whether a living process has a lock; else it is taken, if there is one.</summary>
    static bool IsHeld(string lockPath, out FileStream? taken)
    {
        taken = null;
        try
        {
            taken = new FileStream(lockPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}

/// <summary>A file that is being written; what is left of it goes with this.</summary>
sealed class IncomingFile(string path, FileStream held) : IDisposable
{
    public string Path => path;

    public string LockPath => held.Name;

    public void Dispose()
    {
        File.Delete(path);
        File.Delete(held.Name);
        held.Dispose();
    }
}
