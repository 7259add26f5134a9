using Pinfold.Pinboard.Images;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Pictures;

/// <summary>
/// Who uses a picture: a list on the picture's own shard, kept by the follower. When the last user is gone the picture
/// is marked, and its files go after a while, unless somebody uses it again.
/// </summary>
sealed class PictureUses(ShardedStore store, Installation installation, ImageFiles files, TimeProvider time)
{
    /// <summary>Longer than any upload takes from its file to its pin.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    readonly string _unused = Path.Combine(installation.PictureFolder, "unused");

    /// <summary>Counts a user; counting it again changes nothing. One round trip.</summary>
    public async Task AddAsync(string hash, ObjectId<Pin> pin, CancellationToken cancellation)
    {
        var picture = IdOf(hash);
        var transaction = store.Begin(picture.Shard);
        transaction.Put(PictureHasPins, picture, pin, 0);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Takes a user off, and marks the picture if it was the last.</summary>
    public async Task RemoveAsync(string hash, ObjectId<Pin> pin, CancellationToken cancellation)
    {
        // Before too: who has seen no user of it then sees that one left only now, and waits the grace anew.
        await MarkAsync(hash, cancellation);
        var picture = IdOf(hash);
        var transaction = store.Begin(picture.Shard);
        transaction.Remove(PictureHasPins, picture, pin);
        await transaction.CommitAsync(cancellation);
        if (await store.CountAsync(PictureHasPins, picture, cancellation) == 0)
            await MarkAsync(hash, cancellation);
    }

    /// <summary>Marks a picture that nothing uses, or that was received only to be looked at.</summary>
    public async Task MarkAsync(string hash, CancellationToken cancellation)
    {
        Directory.CreateDirectory(_unused);
        await File.WriteAllTextAsync(Path.Combine(_unused, hash), "", cancellation);
    }

    /// <summary>
    /// Deletes the files of what was marked longer ago than <see cref="Grace"/> and is still unused; says how many.
    /// </summary>
    /// <param name="areAllCounted">
    /// Waits until every pin of before this call is counted, on all shards; false when that cannot be. Asked once, and
    /// only if something may go: a pin that its follower has not come to yet uses its picture too.
    /// </param>
    /// <param name="cancellation">Ends it between two pictures.</param>
    public async Task<int> CollectAsync(
        Func<CancellationToken, Task<bool>> areAllCounted, CancellationToken cancellation)
    {
        if (ListDue().Count == 0 || !await areAllCounted(cancellation))
            return 0;
        var collected = 0;
        foreach (var mark in ListDue())
        {
            var isUsed = await store.CountAsync(PictureHasPins, IdOf(mark.Name), cancellation) > 0;
            mark.Refresh();
            if (!IsDue(mark)
                || (!isUsed && !files.DeleteReceivedBefore(ContentHash.Parse(mark.Name), time.GetUtcNow() - Grace)))
                continue;
            collected += isUsed ? 0 : 1;
            mark.Delete();
        }
        return collected;
    }

    List<FileInfo> ListDue() => !Directory.Exists(_unused) ? [] :
        [.. new DirectoryInfo(_unused).EnumerateFiles().Where(m => IsDue(m) && ContentHash.TryParse(m.Name, out _))];

    bool IsDue(FileInfo mark) => time.GetUtcNow() - mark.LastWriteTimeUtc >= Grace;

    ObjectId<Picture> IdOf(string hash) => Picture.IdOf(hash, store.Topology.ShardCount);
}
