using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import;

/// <summary>How many entries a source has, before it is imported: so that it can be said how far the import
/// is.</summary>
static class ImportCount
{
    /// <summary>A longer look would keep its owner waiting.</summary>
    static readonly TimeSpan LookMax = TimeSpan.FromSeconds(10);

    /// <summary>The position of its last row, of pictures about that; null if it is not known soon.</summary>
    /// <param name="path">A folder of pictures is listed; anything else is read.</param>
    /// <param name="rows">Its rows, anew.</param>
    /// <param name="time">Limits the reading.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<long?> FindAsync(
        string path, Func<CancellationToken, IAsyncEnumerable<ImportRow>> rows, TimeProvider time,
        CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(LookMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            if (Directory.Exists(path))
                return CountFiles(path, either.Token);
            var last = 0L;
            await foreach (var row in rows(either.Token))
            {
                either.Token.ThrowIfCancellationRequested();
                last = row.Position;
            }
            return last;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (e is PinfoldException or IOException or UnauthorizedAccessException)
        {
            // Whoever imports it will say so.
            return null;
        }
    }

    static long CountFiles(string folder, CancellationToken cancellation)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden,
            MaxRecursionDepth = ImportLimits.FolderDepthMax,
        };
        var count = 0L;
        foreach (var _ in Directory.EnumerateFiles(folder, "*", options).Take(ImportLimits.FilesMax))
        {
            cancellation.ThrowIfCancellationRequested();
            count++;
        }
        return count;
    }
}
