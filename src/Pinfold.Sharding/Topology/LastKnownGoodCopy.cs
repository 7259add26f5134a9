using Microsoft.Extensions.Logging;

namespace Pinfold.Sharding.Topology;

/// <summary>
/// The last map that was right, kept on this machine so that a damaged or missing topology file does not keep a
/// process from starting.
/// </summary>
sealed class LastKnownGoodCopy(string path, ILogger log)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Null when there is none or it is of no use, which is logged.</summary>
    public TopologyMap? Find()
    {
        try
        {
            var check = TopologyFile.Read(Path, loaded: null);
            if (!check.IsValid)
                TopologyLog.CopyUnusable(log, Path, check.Describe());
            return check.Map;
        }
        catch (PinfoldException problem)
        {
            if (problem.Kind != ErrorKind.NotFound)
                TopologyLog.CopyUnusable(log, Path, problem.Message);
            return null;
        }
    }

    /// <summary>
    /// Whole or not at all: a file of its own, flushed to the disk, then renamed over the old one. A failure is logged
    /// and costs only the safety of the next start.
    /// </summary>
    public void Write(TopologyMap map)
    {
        var temporary = $"{Path}.{Environment.ProcessId}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            using (var file = new FileStream(temporary, options))
            {
                file.Write(map.ToJson().Span);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, Path, overwrite: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            TopologyLog.CopyNotWritten(log, map.Version, Path, cause);
        }
    }
}
