namespace Pinfold.Testing;

/// <summary>
/// A folder of one test: made empty, deleted with all it holds when disposed or when the process ends.
/// </summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Makes <c>pinfold-tests-PID/name-RANDOM</c> under the machine's folder for temporary files.</summary>
    public TempFolder(string name = "folder")
    {
        Servers.Watchdog.Start();
        Path = System.IO.Path.Combine(ProcessRoot, $"{name}-{Guid.NewGuid().ToString("N")[..8]}");
        Directory.CreateDirectory(Path);
    }

    /// <summary>
    /// What this process makes lies here, so that the watchdog can sweep it away when the process is gone.
    /// </summary>
    public static string ProcessRoot { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"pinfold-tests-{Environment.ProcessId}");

    public string Path { get; }

    /// <summary>The path of a file or folder in here.</summary>
    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    public override string ToString() => Path;
}
