using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Pictures;

/// <summary>
/// Who uses a picture: a list on the picture's own shard, kept by the follower. When the last user is gone the picture
/// is
/// marked, and its files go after a while, unless somebody uses it again.
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
    public async Task<int> CollectAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(_unused))
            return 0;
        var collected = 0;
        foreach (var mark in new DirectoryInfo(_unused).EnumerateFiles())
        {
            if (time.GetUtcNow() - mark.LastWriteTimeUtc < Grace || !ContentHash.TryParse(mark.Name, out var hash))
                continue;
            var received = files.FindOriginal(hash) is { } original ? File.GetLastWriteTimeUtc(original.Path) : default;
            var isUsed = await store.CountAsync(PictureHasPins, IdOf(mark.Name), cancellation) > 0;
            if (!isUsed && time.GetUtcNow() - received < Grace)
                continue;
            if (!isUsed)
            {
                files.Delete(hash);
                collected++;
            }
            mark.Delete();
        }
        return collected;
    }

    ObjectId<Picture> IdOf(string hash) => Picture.IdOf(hash, store.Topology.ShardCount);
}
