using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Import;

/// <summary>Takes in what is to be imported on a page; a follower does the work, also after a restart.</summary>
sealed class ImportService(ShardedStore store, Installation installation, TimeProvider time)
{
    const int ShownMax = 20;

    /// <summary>Where a received file or folder of that name is.</summary>
    public string PathOf(string storedAs) => Path.Combine(installation.ImportFolder, storedAs);

    /// <summary>A new, empty place for received files.</summary>
    public string NewPlace()
    {
        Directory.CreateDirectory(installation.ImportFolder);
        return Guid.CreateVersion7().ToString("N");
    }

    /// <summary>
    /// Hands in what was received; the work begins at once, in whichever process follows the owner's shard.
    /// </summary>
    public async Task<ObjectId<ImportJob>> StartAsync(
        ObjectId<User> owner, string fileName, string storedAs, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var transaction = store.Begin(owner.Shard);
        var job = transaction.Create(new ImportJob(
            owner, Text.Cut(Text.OneLine(fileName), 200), storedAs, ImportState.Waiting, ImportResult.Empty, now,
                null));
        transaction.Put(UserHasImports, owner, job, now.ToUnixTimeMilliseconds());
        await transaction.CommitAsync(cancellation);
        return job.Id;
    }

    /// <summary>An import of the viewer's own.</summary>
    public async Task<Stored<ImportJob>> GetAsync(
        Viewer viewer, ObjectId<ImportJob> id, CancellationToken cancellation) =>
        await store.FindAsync(id, cancellation) is { } job && viewer.Is(job.Body.Owner)
            ? job
            : throw new PinfoldException(ErrorKind.NotFound, "There is no such import.");

    /// <summary>A person's latest imports, newest first.</summary>
    public async Task<IReadOnlyList<Stored<ImportJob>>> ListAsync(ObjectId<User> owner, CancellationToken cancellation)
    {
        var page = await store.PageAsync(UserHasImports, owner, new PageRequest(ShownMax), cancellation);
        return [.. (await store.FindManyAsync([.. page.Items.Select(e => e.To)], cancellation))
            .OfType<Stored<ImportJob>>()];
    }
}
