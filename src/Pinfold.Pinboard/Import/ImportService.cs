using System.Globalization;
using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Import;

/// <summary>
/// Takes in what is to be imported on a page; a follower does the work, also after a restart. Its owner can stop it and
/// have it go on.
/// </summary>
sealed class ImportService(
    ShardedStore store, ReceivedFiles received, PinboardSettings settings, TimeProvider time)
{
    const int ShownMax = 20;

    /// <summary>Where a received file or folder of that name is.</summary>
    public string PathOf(string storedAs) => received.PathOf(storedAs);

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
                null, NoFetch: !settings.FetchFromWeb));
        transaction.Put(UserHasImports, owner, job, now.ToUnixTimeMilliseconds());
        await transaction.CommitAsync(cancellation);
        return job.Id;
    }

    /// <summary>An import of the viewer's own.</summary>
    public async Task<Stored<ImportJob>> GetAsync(
        Viewer viewer, ObjectId<ImportJob> id, CancellationToken cancellation) =>
        await store.FindAsync(id, cancellation) is { } job && viewer.Is(job.Body.Owner)
            ? job
            : throw NotThere.Import();

    /// <summary>A person's latest imports, newest first.</summary>
    public async Task<IReadOnlyList<Stored<ImportJob>>> ListAsync(ObjectId<User> owner, CancellationToken cancellation)
    {
        var page = await store.PageAsync(UserHasImports, owner, new PageRequest(ShownMax), cancellation);
        return [.. (await store.FindManyAsync([.. page.Items.Select(e => e.To)], cancellation))
            .OfType<Stored<ImportJob>>()];
    }

    /// <summary>
    /// How many pictures of a finished import are still to be fetched, at most: those of its owner's other pins count
    /// with them. 0 where nothing is fetched. One round trip.
    /// </summary>
    public async Task<long> CountAwaitedAsync(ImportJob job, CancellationToken cancellation) =>
        job.IsUnderWay || job.Tally.Fetches == 0 || !settings.FetchFromWeb
            ? 0
            : Math.Min(job.Tally.Fetches, await store.CountAsync(UserAwaitsPictures, job.Owner, cancellation));

    /// <summary>Stops an import at the next row that is saved; nothing happens to one that has ended.</summary>
    public async Task StopAsync(Viewer viewer, ObjectId<ImportJob> id, CancellationToken cancellation)
    {
        await GetAsync(viewer, id, cancellation);
        await ChangeAsync(
            id, job => job.IsUnderWay ? job with { State = ImportState.Stopped } : null, goesOn: false, cancellation);
    }

    /// <summary>Has a stopped import go on where it was.</summary>
    public async Task GoOnAsync(Viewer viewer, ObjectId<ImportJob> id, CancellationToken cancellation)
    {
        await GetAsync(viewer, id, cancellation);
        await ChangeAsync(id, job => job is { State: ImportState.Stopped, StoredAs: not null }
            ? job with { State = ImportState.Waiting, Since = null }
            : null, goesOn: true, cancellation);
    }

    /// <summary>For its follower: as it is now, or null.</summary>
    public async Task<ImportJob?> FindAsync(ObjectId<ImportJob> id, CancellationToken cancellation) =>
        (await store.FindAsync(id, cancellation))?.Body;

    /// <summary>
    /// Saves what a turn did; false if it is not to go on: it was stopped, or another process has had the turn.
    /// </summary>
    public async Task<bool> SaveAsync(
        ObjectId<ImportJob> id, int turn, Func<ImportJob, ImportJob> change, bool goesOn,
        CancellationToken cancellation) =>
        await ChangeAsync(
            id, job => job.Turn == turn && (job.IsUnderWay || job.State == ImportState.Stopped) ? change(job) : null,
            goesOn, cancellation) is { IsUnderWay: true };

    /// <summary>The file of an import that has ended goes; that it ended is saved before.</summary>
    public async Task DropFileOfEndedAsync(ObjectId<ImportJob> id, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is not
            { State: ImportState.Done or ImportState.Failed, StoredAs: { } storedAs })
            return;
        received.Delete(storedAs);
        await ChangeAsync(id, job => job with { StoredAs = null }, goesOn: false, cancellation);
    }

    /// <summary>
    /// Deletes files that were received and belong to no import, and those of imports that stay stopped; says how many.
    /// </summary>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var swept = 0;
        foreach (var file in received.ListOlderThan(ReceivedFiles.OrphanAge))
        {
            var job = file.Owner is { } owner ? await FindOfFileAsync(owner, file.Name, cancellation) : null;
            if (job is not null && (file.Age < ReceivedFiles.KeptFor || !await GiveUpAsync(job.Id, cancellation)))
                continue;
            received.Delete(file.Name);
            swept++;
        }
        return swept;
    }

    /// <summary>Ends an import that stays stopped; false if it does not any more.</summary>
    async Task<bool> GiveUpAsync(ObjectId<ImportJob> id, CancellationToken cancellation) =>
        await ChangeAsync(id, job => job.State != ImportState.Stopped ? null : job with
        {
            State = ImportState.Failed,
            StoredAs = null,
            Problem = $"It was stopped for {ReceivedFiles.KeptFor.TotalDays} days, and its file was deleted. "
                + "Hand it in again: nothing is added twice.",
        }, goesOn: false, cancellation) is not null;

    async Task<Stored<ImportJob>?> FindOfFileAsync(
        ObjectId<User> owner, string storedAs, CancellationToken cancellation)
    {
        var request = new PageRequest(100);
        while (true)
        {
            var page = await store.PageAsync(UserHasImports, owner, request, cancellation);
            var jobs = await store.FindManyAsync([.. page.Items.Select(e => e.To)], cancellation);
            if (jobs.FirstOrDefault(j => j?.Body.StoredAs == storedAs) is { } found)
                return found;
            if (page.Next is not { } next)
                return null;
            request = request with { Cursor = next };
        }
    }

    /// <summary>Null when <paramref name="change"/> gave null.</summary>
    Task<ImportJob?> ChangeAsync(
        ObjectId<ImportJob> id, Func<ImportJob, ImportJob?> change, bool goesOn, CancellationToken cancellation) =>
        store.WriteAsync(id.Shard, async (transaction, token) =>
        {
            var job = await store.FindUncachedAsync(id, token) ?? throw NotThere.Import();
            if (change(job.Body) is not { } changed)
                return null;
            if (goesOn && changed.IsUnderWay)
            {
                changed = changed with { Turn = changed.Turn + 1 };
                transaction.Say(
                    ImportJob.GoesOn, id.Untyped, changed.Turn.ToString(CultureInfo.InvariantCulture));
            }
            transaction.Update(job with { Body = changed });
            return changed;
        }, cancellation);
}
