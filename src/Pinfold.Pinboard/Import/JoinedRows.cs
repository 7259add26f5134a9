using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import;

/// <summary>
/// The rows of several files as those of one source: numbered through, and no more than one may have.
/// </summary>
sealed class JoinedRows
{
    readonly RowMaker _remarks = new();
    long _position;
    int _file;

    /// <summary>
    /// A file's rows; what is wrong with it as a whole becomes a remark, and the others are read nevertheless.
    /// </summary>
    public async IAsyncEnumerable<ImportRow> AddAsync(string name, IAsyncEnumerable<ImportRow> rows)
    {
        await using var source = rows.GetAsyncEnumerator();
        _file++;
        while (true)
        {
            string? problem = null;
            try
            {
                if (!await source.MoveNextAsync())
                    yield break;
            }
            catch (Exception e) when (e is InvalidDataException or IOException
                or PinfoldException { Kind: ErrorKind.Invalid or ErrorKind.LimitExceeded })
            {
                problem = e.Message;
            }
            if (problem is not null)
            {
                yield return Remark(name, $"It could not be read to its end: {problem}");
                yield break;
            }
            yield return Numbered(source.Current);
        }
    }

    public ImportRow Remark(string what, string problem) => Numbered(_remarks.Remark(what, problem));

    ImportRow Numbered(ImportRow row) => _position < ImportLimits.RowsMax
        ? row with { Position = ++_position, File = _file }
        : throw new PinfoldException(ErrorKind.LimitExceeded,
            $"There are more than {ImportLimits.RowsMax:N0} entries, the most that one import reads; "
            + "split it into smaller parts.");
}
