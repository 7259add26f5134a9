using System.Globalization;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Pinboard.Import;

/// <summary>
/// Does the imports that were handed in, a turn of a few seconds at a time: at its end each puts itself behind what its
/// shard's journal has by then, so that neither the size of an import nor a stop of this process matters. Cut short, a
/// turn begins again at the row that was saved last, and finds what it made after that.
/// </summary>
sealed class ImportFollower(
    ImportService imports, ImportRunner runner, PinboardSettings settings, TimeProvider time) : IFollower
{
    static readonly TimeSpan SavePeriod = TimeSpan.FromSeconds(1);

    /// <summary>Far below what a follower may take for one transaction.</summary>
    static readonly TimeSpan TurnMax = TimeSpan.FromMinutes(2);

    public string Name => "imports";

    public FollowerInterests Interests { get; } = new() { Types = [ImportJob.Type], Events = [ImportJob.GoesOn] };

    public async ValueTask HandleAsync(JournalTransaction transaction, CancellationToken cancellation)
    {
        foreach (var entry in transaction.Entries)
            if (entry.Id.Type != ImportJob.Type.Number)
                continue;
            else if (entry.Kind == JournalEntryKind.Created)
                await RunAsync(ImportJob.Type.Id(entry.Id), turn: 0, cancellation);
            else if (entry is { Kind: JournalEntryKind.Event, Name: ImportJob.GoesOn, Payload: { } turn })
                await RunAsync(
                    ImportJob.Type.Id(entry.Id), int.Parse(turn, CultureInfo.InvariantCulture), cancellation);
    }

    async Task RunAsync(ObjectId<ImportJob> id, int turn, CancellationToken cancellation)
    {
        if (await imports.FindAsync(id, cancellation) is not { StoredAs: not null } job)
            return;
        if (job.IsUnderWay && job.Turn == turn)
            await RunTurnAsync(id, job, cancellation);
        // Also after a kill between the end of an import and this.
        await imports.DropFileOfEndedAsync(id, cancellation);
    }

    async Task RunTurnAsync(ObjectId<ImportJob> id, ImportJob job, CancellationToken cancellation)
    {
        var run = runner.Begin(job.Owner, !job.NoFetch, new ImportTally(job.Tally));
        var position = job.Position;
        var path = imports.PathOf(job.StoredAs!);
        var total = job.Total
            ?? await ImportCount.FindAsync(path, token => ReadAsync(path, token), time, cancellation) ?? 0;
        var since = job.Since ?? time.GetUtcNow();
        try
        {
            var (begun, saved) = (time.GetTimestamp(), time.GetTimestamp());
            var turnMax = default(TimeSpan?);
            var rows = ReadAsync(path, cancellation);
            await foreach (var row in FileOrder.KeepAsync(rows, job.StartedAt, cancellation))
            {
                if (row.Position <= job.Position)
                    continue;
                turnMax ??= TurnAfter(finding: time.GetElapsedTime(begun));
                await run.TakeAsync(row, cancellation);
                var isOver = time.GetElapsedTime(begun) >= turnMax;
                if (!isOver && time.GetElapsedTime(saved) < SavePeriod)
                    continue;
                await run.FlushAsync(cancellation);
                position = row.Position;
                if (!await SaveAsync(isOver) || isOver)
                    return;
                saved = time.GetTimestamp();
            }
            await run.FlushAsync(cancellation);
            await EndAsync(ImportState.Done, null);
        }
        catch (PinfoldException e)
            when (e.Kind is ErrorKind.Invalid or ErrorKind.NotFound or ErrorKind.LimitExceeded or ErrorKind.Forbidden)
        {
            // Rows that were read whole are not lost because a later one could not be read.
            await run.FlushAsync(cancellation);
            await EndAsync(ImportState.Failed, e.Message);
        }

        Task<bool> SaveAsync(bool goesOn) => imports.SaveAsync(id, job.Turn, now => now with
        {
            State = now.State == ImportState.Stopped ? now.State : ImportState.Running,
            Tally = run.Tally,
            Position = position,
            Problem = null,
            Total = total,
            Since = since,
            SincePosition = job.Since is null ? job.Position : job.SincePosition,
            SavedAt = time.GetUtcNow(),
        }, goesOn, cancellation);

        Task<bool> EndAsync(ImportState state, string? problem) => imports.SaveAsync(id, job.Turn, now => now with
        {
            State = state,
            Tally = run.Tally,
            Problem = problem,
            EndedAt = time.GetUtcNow(),
        }, goesOn: false, cancellation);
    }

    /// <summary>
    /// As much time as it took to find the place again is then used, or most of a long file is reading.
    /// </summary>
    TimeSpan TurnAfter(TimeSpan finding)
    {
        if (settings.ImportTurn == TimeSpan.Zero)
            return TimeSpan.Zero;
        var turn = finding + (finding > settings.ImportTurn ? finding : settings.ImportTurn);
        return turn < TurnMax ? turn : TurnMax;
    }

    static IAsyncEnumerable<ImportRow> ReadAsync(string path, CancellationToken cancellation) =>
        Directory.Exists(path)
            ? ReceivedFolder.ReadAsync(path, "Imported", cancellation)
            : ImportSource.FileAsync(path, "Imported", ImportFormat.All, cancellation);
}
