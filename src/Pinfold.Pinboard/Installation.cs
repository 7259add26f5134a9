using Microsoft.Extensions.Logging;
using Pinfold.Sharding;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Topology;

namespace Pinfold.Pinboard;

/// <summary>Where one Pinfold keeps what it has: a folder, and the topology that says where its shards are.</summary>
/// <remarks>
/// Without a topology file the shards are SQLite files in the folder, and there is nothing else to start.
/// </remarks>
sealed class Installation : IAsyncDisposable
{
    /// <summary>
    /// Shards of an embedded installation: enough to spread over servers later, few enough to open in no time.
    /// </summary>
    public const int EmbeddedShards = 16;

    /// <summary>How long a start waits for the newest map; with an older one writes are refused once.</summary>
    static readonly TimeSpan NewestWithin = TimeSpan.FromSeconds(2);

    Installation(string dataFolder, ITopologySource topology, bool isEmbedded)
    {
        DataFolder = dataFolder;
        Topology = topology;
        IsEmbedded = isEmbedded;
    }

    /// <summary>An absolute path; it is there.</summary>
    public string DataFolder { get; }

    /// <summary>Where the shards are.</summary>
    public ITopologySource Topology { get; }

    /// <summary>Whether no topology file was given: its shards began as files in the data folder.</summary>
    public bool IsEmbedded { get; }

    /// <summary>Pictures: originals and what was made of them.</summary>
    public string PictureFolder => Path.Combine(DataFolder, Pinboard.DataFolder.Pictures);

    /// <summary>The embedded search indexes; made of the shards, and made anew when it is gone.</summary>
    public string SearchFolder => Path.Combine(DataFolder, Pinboard.DataFolder.Search);

    /// <summary>Files that were handed in to be imported.</summary>
    public string ImportFolder => Path.Combine(DataFolder, Pinboard.DataFolder.Imports);

    /// <summary>The keys that sign cookies and forms; every process of a fleet needs the same.</summary>
    public string KeyFolder => Path.Combine(DataFolder, Pinboard.DataFolder.Keys);

    /// <summary>For files that last no longer than a request; it is there.</summary>
    public string TemporaryFolder => Path.Combine(DataFolder, Pinboard.DataFolder.Temporary);

    /// <summary>Opens a folder, made if there is none; it is closed to other users of the machine.</summary>
    /// <exception cref="PinfoldException">Invalid: the topology is not right, or the folder cannot be made; it says
    /// what would be.</exception>
    public static async Task<Installation> OpenAsync(
        string dataFolder, string? topologyFile, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var folder = Path.GetFullPath(dataFolder);
        try
        {
            Pinboard.DataFolder.Open(folder, loggers.CreateLogger(typeof(DataFolder)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PinfoldException(ErrorKind.Invalid,
                $"The data folder {folder} cannot be used: {e.Message} Choose another with --data.", e);
        }
        var copy = Path.Combine(folder, Pinboard.DataFolder.LastKnownGoodTopology);
        var topology = topologyFile is null
            ? TopologySource.OpenEmbedded(
                Path.Combine(folder, Pinboard.DataFolder.Shards), EmbeddedShards, copy, loggers: loggers)
            : TopologySource.Open(topologyFile, copy, loggers: loggers);
        try
        {
            if (topology is not FileTopologySource)
                await topology.RefreshAsync(cancellation).AsTask().WaitAsync(NewestWithin, cancellation);
        }
        catch (TimeoutException)
        {
            // It is taken up when the catalog answers.
        }
        return new Installation(folder, topology, isEmbedded: topologyFile is null);
    }

    /// <summary>
    /// A running service goes on with the last-known-good copy; who is about to change something by hand meant the
    /// file.
    /// </summary>
    /// <exception cref="PinfoldException">Invalid: the copy is in use; it says what is wrong with the file.</exception>
    public void RefuseLastKnownGoodCopy()
    {
        if (Topology is FileTopologySource { Problem: { } problem })
            throw new PinfoldException(ErrorKind.Invalid,
                $"{problem}\nNothing was changed: the copy of what this data folder used last is for services alone. "
                + "Repair the file, or name this installation's with --topology.");
    }

    public ValueTask DisposeAsync() => Topology is IAsyncDisposable source ? source.DisposeAsync() : default;
}
