namespace Pinfold.Sharding.Topology;

/// <summary>
/// Reads the topology file: JSON, with comments and trailing commas allowed (docs/reference/topology.md).
/// </summary>
public static class TopologyFile
{
    /// <summary>The largest file that is read: room for a range per shard, many times over.</summary>
    public const int FileBytesMax = 16 * 1024 * 1024;

    /// <summary>Checks the bytes of a file; touches neither the file nor any server that it names.</summary>
    /// <param name="utf8Json">What the file holds; a byte order mark is allowed.</param>
    /// <param name="path">Names the file in messages; relative paths in it start from its folder.</param>
    /// <param name="loaded">The map in use, which this one must be able to follow; null for the first.</param>
    public static TopologyCheck Check(ReadOnlyMemory<byte> utf8Json, string path, TopologyMap? loaded = null) =>
        TopologyDocument.Check(utf8Json, path, loaded);

    /// <summary>Reads the file at <paramref name="path"/> and checks it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="loaded">The map in use, which this one must be able to follow; null for the first.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PinfoldException">NotFound: there is no such file. Unavailable: it cannot be read.
    /// Invalid: it is larger than 16 MiB. What is wrong inside it is in the result.</exception>
    public static Task<TopologyCheck> ReadAsync(string path, TopologyMap? loaded, CancellationToken cancellation) =>
        Task.Run(() => Read(path, loaded), cancellation);

    /// <summary>
    /// As <see cref="ReadAsync"/>, on the caller's thread: the file is small and local, and read rarely.
    /// </summary>
    internal static TopologyCheck Read(string path, TopologyMap? loaded)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > FileBytesMax } file)
                throw PinfoldException.Invalid($"{path} has {file.Length:N0} bytes: a topology has at most "
                    + $"{FileBytesMax:N0}; write neighbouring shards as one range.");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PinfoldException(ErrorKind.NotFound,
                $"There is no topology file at {Path.GetFullPath(path)}: check the path.", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new PinfoldException(ErrorKind.Unavailable, $"The topology {path} cannot be read: {cause.Message}",
                cause);
        }
        return Check(bytes, path, loaded);
    }
}
