using System.Diagnostics;
using Pinfold.Testing;

namespace Pinfold.Cli.Tests.Running;

/// <summary>
/// A file system in memory of a few megabytes, to be really full. It is mounted in a namespace of its own, in which any
/// user may do so; a process holds that open, and the executable is started inside.
/// </summary>
sealed class SmallDisk : IAsyncDisposable
{
    readonly TempFolder _folder = new("disk");
    readonly Process _holder;

    SmallDisk(int megabytes)
    {
        var start = new ProcessStartInfo("unshare",
        [
            "--user", "--map-root-user", "--mount", "sh", "-c",
            "mount -t tmpfs -o size=$1m tmpfs \"$2\" && echo mounted && exec cat", "sh", $"{megabytes}", _folder.Path,
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _holder = Process.Start(start) ?? throw new InvalidOperationException("unshare (util-linux) did not start.");
    }

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var disk = new SmallDisk(megabytes);
        return await disk._holder.StandardOutput.ReadLineAsync() == "mounted"
            ? disk : throw new InvalidOperationException("A file system in memory could not be mounted.");
    }

    /// <summary>The data folder on it, as the executable inside sees it.</summary>
    public string Data => _folder["data"];

    /// <summary>Runs what follows on this disk.</summary>
    public IReadOnlyList<string> Wrapper =>
        ["nsenter", "--target", $"{_holder.Id}", "--user", "--mount", "--preserve-credentials", "--"];

    string Filler => $"/proc/{_holder.Id}/root{_folder["filler"]}";

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in (int[])[1 << 20, 4096, 1])
            try
            {
                while (true)
                    file.Write(new byte[size]);
            }
            catch (IOException)
            {
                // Full for pieces of this size.
            }
    }

    /// <summary>What lies in a folder of the data folder; nothing if it was not made.</summary>
    public string[] Entries(string folder)
    {
        var path = $"/proc/{_holder.Id}/root{Path.Combine(Data, folder)}";
        return Directory.Exists(path) ? Directory.GetFileSystemEntries(path) : [];
    }

    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        _holder.StandardInput.Close();
        await _holder.WaitForExitAsync();
        _holder.Dispose();
        _folder.Dispose();
    }
}
