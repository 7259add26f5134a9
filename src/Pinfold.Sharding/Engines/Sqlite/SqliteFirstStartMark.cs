using System.Globalization;

namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>
/// A file beside the shards, which people who find it can read. It gets its name when its text is on disk, and a file
/// system with a journal keeps the order in which names were given: no shard outlives a power cut that its mark does
/// not.
/// </summary>
sealed class SqliteFirstStartMark(string server, string folder) : IFirstStartMark
{
    /// <summary>What the makers of shards call a file that does not bear its final name yet.</summary>
    public const string UnfinishedExtension = ".new";

    readonly string _path = Path.Combine(folder, "first-start");

    public async ValueTask<FirstStart?> FindAsync(CancellationToken cancellation)
    {
        string text;
        try
        {
            text = await File.ReadAllTextAsync(_path, cancellation);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
        return text.Split(' ') is [var count, "shards", "since", var at, ..]
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var shards)
            && DateTimeOffset.TryParse(
                at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var begunAt)
            ? new FirstStart(shards, begunAt)
            : throw new PinfoldException(ErrorKind.Corrupt,
                $"The file {_path} is not what a first start leaves. If all shards are there, delete it.");
    }

    public async ValueTask LeaveAsync(FirstStart start, CancellationToken cancellation)
    {
        var unfinished = $"{_path}.{Guid.NewGuid():N}{UnfinishedExtension}";
        try
        {
            Directory.CreateDirectory(folder);
            await using (var file = new FileStream(unfinished, FileMode.CreateNew))
            {
                await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                    $"{start.ShardCount} shards since {start.BegunAt:O} are being made here. " +
                    $"This file goes when all are there.\n")), cancellation);
                file.Flush(flushToDisk: true);
            }
            File.Move(unfinished, _path);
        }
        catch (IOException) when (File.Exists(_path))
        {
            // Another process was first, or this is not the first attempt.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Sweeps what killed makers left unfinished, too: all shards are there, so nobody needs it.</summary>
    public ValueTask RemoveAsync(CancellationToken cancellation)
    {
        try
        {
            File.Delete(_path);
            foreach (var suffix in (string[])["", "-journal", "-wal", "-shm"])
                foreach (var left in Directory.EnumerateFiles(folder, $"*.db.*{UnfinishedExtension}{suffix}"))
                    File.Delete(left);
            return ValueTask.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    PinfoldException Unusable(Exception e) => new(ErrorKind.Unavailable,
        $"Server {server} cannot be used: {e.Message}", e);
}
