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
    BoardService boards, ImportedPins pins, ImageFiles files, PictureMaker pictures, PinboardSettings settings,
    TimeProvider time)
{
    const int RowsPerReport = 10;

    /// <summary>Imports all rows. What was committed before an exception stays, and is found again next time.</summary>
    /// <param name="owner">Whose boards it fills.</param>
    /// <param name="rows">In order.</param>
    /// <param name="progress">Is told now and then how far it is; at the end in any case.</param>
    /// <param name="cancellation">Ends it between two transactions.</param>
    /// <param name="tell">Is told every problem, of which the result has the first ones.</param>
    public async Task<ImportResult> RunAsync(
        ObjectId<User> owner, IAsyncEnumerable<ImportRow> rows, IProgress<ImportProgress>? progress,
        CancellationToken cancellation, Action<RowProblem>? tell = null)
    {
        var run = Begin(owner, settings.FetchFromWeb, new ImportTally(ImportResult.Empty, tell));
        var position = 0L;
        try
        {
            await foreach (var row in FileOrder.KeepAsync(rows, time.GetUtcNow(), cancellation))
            {
                await run.TakeAsync(row, cancellation);
                position = row.Position;
                if (position % RowsPerReport == 0)
                    progress?.Report(new ImportProgress(run.Tally, position));
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
                progress?.Report(new ImportProgress(run.Tally, position));
            }
        }
        return run.Tally;
    }

    /// <summary>An import that goes on after what was counted. What a killed one left is swept.</summary>
    public ImportRun Begin(ObjectId<User> owner, bool fetches, ImportTally tally)
    {
        try
        {
            files.Sweep(time.GetUtcNow() - PictureUses.Grace);
        }
        catch (PinfoldException)
        {
            // Not worth an import: the next one sweeps, or the service. Whoever needs the folder says what is wrong.
        }
        return new ImportRun(new BoardFinder(boards, owner), pins, pictures, owner, fetches, tally);
    }
}

/// <summary>How far an import is: what came of its rows, and the position of the latest.</summary>
sealed record ImportProgress(ImportResult Tally, long Position);
