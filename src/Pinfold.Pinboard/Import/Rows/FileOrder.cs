using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Pinfold.Pinboard.Import.Rows;

/// <summary>
/// Lists show what is newest first, and of one time what was made last. So that a file's order stays, each row of a
/// time gets its own place, a millisecond below the one before it; and a row without a time stands just below the
/// older of its neighbours in the file.
/// </summary>
sealed class FileOrder(DateTimeOffset begun)
{
    /// <summary>How many rows wait for a neighbour that has a time; of more only the one before counts.</summary>
    const int WaitingMax = 500;

    /// <summary>What is later is no time at which something was kept.</summary>
    static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    static readonly TimeSpan Below = TimeSpan.FromMilliseconds(1);

    readonly Queue<ImportRow> _waiting = [];

    /// <summary>For each place that is taken, one below it that may be free.</summary>
    readonly Dictionary<long, long> _taken = [];

    DateTimeOffset? _before;
    int _file;

    /// <param name="rows">In the order of their file.</param>
    /// <param name="begun">When the import began: the time of what has none, where no other of its file has
    /// one.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async IAsyncEnumerable<ImportRow> KeepAsync(
        IAsyncEnumerable<ImportRow> rows, DateTimeOffset begun, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var order = new FileOrder(begun);
        ExceptionDispatchInfo? end = null;
        await using var source = rows.GetAsyncEnumerator(cancellation);
        while (true)
        {
            try
            {
                if (!await source.MoveNextAsync())
                    break;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // What was read before it is whole, and goes first.
                end = ExceptionDispatchInfo.Capture(e);
                break;
            }
            foreach (var row in order.Take(source.Current))
                yield return row;
        }
        foreach (var row in order.Release(after: null))
            yield return row;
        end?.Throw();
    }

    IEnumerable<ImportRow> Take(ImportRow row)
    {
        if (row.File != _file)
        {
            foreach (var waited in Release(after: null))
                yield return waited;
            (_file, _before) = (row.File, null);
        }
        if (row.AddedAt > begun + Ahead && IsPin(row))
            row = row with
            {
                AddedAt = null,
                Note = string.Join(' ', new[] { row.Note, SourceTime.OutOfRange($"{row.AddedAt:yyyy-MM-dd}").Problem }
                    .OfType<string>()),
            };
        if (IsPin(row) && row.AddedAt is { } time)
        {
            foreach (var waited in Release(after: time))
                yield return waited;
            _before = time;
            yield return InPlace(row, time);
            yield break;
        }
        _waiting.Enqueue(row);
        if (_waiting.Count > WaitingMax || !_waiting.Any(IsPin))
            foreach (var waited in Release(after: null))
                yield return waited;
    }

    /// <summary>What waited, in its order.</summary>
    IEnumerable<ImportRow> Release(DateTimeOffset? after)
    {
        var time = (_before, after) switch
        {
            ({ } before, { } next) => (before < next ? before : next) - Below,
            ({ } before, null) => before - Below,
            (null, { } next) => next - Below,
            _ => begun,
        };
        while (_waiting.TryDequeue(out var row))
            yield return IsPin(row) ? InPlace(row with { AddedAt = time }, time) : row;
    }

    ImportRow InPlace(ImportRow row, DateTimeOffset time)
    {
        var wanted = time.ToUnixTimeMilliseconds();
        var place = FreeAtOrBelow(wanted);
        _taken[place] = place - 1;
        return place == wanted ? row : row with { Order = place };
    }

    long FreeAtOrBelow(long place)
    {
        var free = place;
        while (_taken.TryGetValue(free, out var below))
            free = below;
        // Whoever comes the same way is sent there at once.
        while (_taken.TryGetValue(place, out var next))
            (_taken[place], place) = (free, next);
        return free;
    }

    static bool IsPin(ImportRow row) => row is { Kind: RowKind.Pin, Problem: null };
}
