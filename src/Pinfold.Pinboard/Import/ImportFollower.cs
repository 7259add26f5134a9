using Pinfold.Pinboard.Import.Formats;
using Pinfold.Sharding;
using Pinfold.Sharding.Journal;

namespace Pinfold.Pinboard.Import;

/// <summary>
/// Does the imports that were handed in. Cut short anywhere, it begins again from the first row and finds what is
/// there;
/// the received file goes when every row has its result.
/// </summary>
sealed class ImportFollower(ShardedStore store, ImportService imports, ImportRunner runner, TimeProvider time)
    : IFollower
{
    static readonly TimeSpan SavePeriod = TimeSpan.FromSeconds(1);

    public string Name => "imports";

    public async ValueTask HandleAsync(JournalTransaction transaction, CancellationToken cancellation)
    {
        foreach (var entry in transaction.Entries)
            if (entry.Kind == JournalEntryKind.Created && entry.Id.Type == ImportJob.Type.Number)
                await RunAsync(ImportJob.Type.Id(entry.Id), cancellation);
    }

    async Task RunAsync(ObjectId<ImportJob> id, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { Body: { StoredAs: { } storedAs } job })
            return;
        var path = imports.PathOf(storedAs);
        var latest = new Latest(this, id);
        var (state, problem) = (ImportState.Done, default(string));
        try
        {
            var rows = Directory.Exists(path)
                ? ImageFolder.ReadAsync(path, "Imported", cancellation)
                : ImportSource.FileAsync(path, "Imported", ImportFormat.All, cancellation);
            await runner.RunAsync(job.Owner, rows, latest, cancellation);
        }
        catch (PinfoldException e)
            when (e.Kind is ErrorKind.Invalid or ErrorKind.NotFound or ErrorKind.LimitExceeded or ErrorKind.Forbidden)
        {
            (state, problem) = (ImportState.Failed, e.Message);
        }
        await latest.Saving;
        await SaveAsync(id, before => before with
        {
            State = state,
            Tally = latest.Tally,
            Problem = problem,
            StoredAs = null,
        }, cancellation);
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }

    async Task SaveAsync(ObjectId<ImportJob> id, Func<ImportJob, ImportJob> change, CancellationToken cancellation)
    {
        var job = await store.GetAsync(id, cancellation);
        var transaction = store.Begin(id.Shard);
        transaction.Update(id, change(job.Body), job.Version);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Saves how far it is, at most once a second, beside the import.</summary>
    sealed class Latest(ImportFollower follower, ObjectId<ImportJob> id) : IProgress<ImportResult>
    {
        long _saved = follower.Clock.GetTimestamp();

        public ImportResult Tally { get; private set; } = ImportResult.Empty;

        public Task Saving { get; private set; } = Task.CompletedTask;

        public void Report(ImportResult value)
        {
            Tally = value;
            if (!Saving.IsCompleted || follower.Clock.GetElapsedTime(_saved) < SavePeriod)
                return;
            _saved = follower.Clock.GetTimestamp();
            Saving = SaveProgressAsync(value);
        }

        async Task SaveProgressAsync(ImportResult result)
        {
            try
            {
                await follower.SaveAsync(
                    id, job => job with { State = ImportState.Running, Tally = result }, CancellationToken.None);
            }
            catch (PinfoldException)
            {
                // Only the progress bar stands still; the rows themselves report their own errors.
            }
        }
    }

    TimeProvider Clock => time;
}
