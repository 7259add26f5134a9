using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import;

/// <summary>
/// Turns the rows of an import into pins. It keeps no state of its own: every pin carries the key of its row, so that
/// an import that was interrupted anywhere is simply run again, and the same source twice adds nothing.
/// </summary>
sealed class ImportRunner(
    BoardService boards, ImportedPins pins, ImageFiles files, PinboardSettings settings, TimeProvider time)
{
    const int RowsPerReport = 20;

    /// <summary>Imports all rows. What was committed before an exception stays, and is found again next time.</summary>
    public async Task<ImportResult> RunAsync(
        ObjectId<User> owner, IAsyncEnumerable<ImportRow> rows, IProgress<ImportResult>? progress,
            CancellationToken cancellation)
    {
        var run = Begin(owner, settings.FetchFromWeb, ImportResult.Empty);
        try
        {
            await foreach (var row in FileOrder.KeepAsync(rows, time.GetUtcNow(), cancellation))
            {
                await run.TakeAsync(row, cancellation);
                if (row.Position % RowsPerReport == 0)
                    progress?.Report(run.Tally);
            }
        }
        finally
        {
            // Rows that were read whole are not lost because a later one could not be read.
            try
            {
                if (!cancellation.IsCancellationRequested)
                    await run.FlushAsync(cancellation);
            }
            finally
            {
                progress?.Report(run.Tally);
            }
        }
        return run.Tally;
    }

    /// <summary>An import that goes on after <paramref name="before"/>. What a killed one left is swept.</summary>
    public ImportRun Begin(ObjectId<User> owner, bool fetches, ImportResult before)
    {
        try
        {
            files.Sweep(time.GetUtcNow() - PictureUses.Grace);
        }
        catch (PinfoldException)
        {
            // Not worth an import: the next one sweeps, or the service. Whoever needs the folder says what is wrong.
        }
        return new ImportRun(new BoardFinder(boards, owner), pins, files, owner, fetches, before);
    }
}
