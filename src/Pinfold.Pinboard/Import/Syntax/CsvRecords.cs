using System.Runtime.CompilerServices;
using System.Text;

namespace Pinfold.Pinboard.Import.Syntax;

/// <summary>A line of a CSV file, which may be several lines of text.</summary>
/// <param name="Fields">At most 256; what has more is cut.</param>
/// <param name="Line">1-based, where it begins.</param>
/// <param name="IsCutOff">The file ended within a quoted field: the last field is not whole.</param>
readonly record struct CsvRecord(IReadOnlyList<string> Fields, long Line, bool IsCutOff);

/// <summary>
/// CSV after RFC 4180, with any line ends, as it arrives; lines without any value are no records. Where spreadsheets
/// put a semicolon or a tab for the comma, the first line shows it.
/// </summary>
sealed class CsvRecords(char delimiter)
{
    const string Delimiters = ",;\t";
    const int FieldsMax = 256;
    const int FieldLengthMax = 64 * 1024;

    readonly StringBuilder _field = new();
    List<string> _fields = [];
    State _state;
    long _line = 1;
    long _recordLine = 1;

    enum State
    {
        FieldStart,
        Bare,
        Quoted,

        /// <summary>
        /// After a quotation mark within quotes: the end of them, or the first half of a doubled one.
        /// </summary>
        Quote,
    }

    /// <summary>The records that begin in the first characters of a file; the last may be cut.</summary>
    public static List<CsvRecord> Begin(string text)
    {
        var records = new CsvRecords(DelimiterOf(text));
        var ready = new List<CsvRecord>();
        foreach (var c in text)
            records.Take(c, ready);
        records.EndRecord(ready, isCutOff: true);
        return ready;
    }

    public static async IAsyncEnumerable<CsvRecord> ReadAsync(
        TextReader source, [EnumeratorCancellation] CancellationToken cancellation)
    {
        CsvRecords? records = null;
        var chunk = new char[16 * 1024];
        var ready = new List<CsvRecord>();
        while (await source.ReadAsync(chunk, cancellation) is var count and > 0)
        {
            records ??= new CsvRecords(DelimiterOf(chunk.AsSpan(0, count)));
            foreach (var c in chunk.AsSpan(0, count))
                records.Take(c, ready);
            foreach (var record in ready)
                yield return record;
            ready.Clear();
        }
        if (records is null)
            yield break;
        var isCutOff = records._state == State.Quoted;
        records.EndRecord(ready, isCutOff);
        foreach (var record in ready)
            yield return record;
    }

    void Take(char c, List<CsvRecord> ready)
    {
        if (c == '\n')
            _line++;
        if (_state == State.Quoted)
        {
            if (c == '"')
                _state = State.Quote;
            else
                Append(c);
            return;
        }
        switch (c)
        {
            case '"' when _state is State.FieldStart:
                _state = State.Quoted;
                break;
            case '"' when _state is State.Quote:
                Append('"');
                _state = State.Quoted;
                break;
            case var _ when c == delimiter:
                EndField();
                break;
            case '\r' or '\n':
                EndRecord(ready, isCutOff: false);
                _recordLine = _line;
                break;
            default:
                Append(c);
                _state = State.Bare;
                break;
        }
    }

    void Append(char c)
    {
        if (_field.Length < FieldLengthMax)
            _field.Append(c);
    }

    void EndField()
    {
        if (_fields.Count < FieldsMax)
            _fields.Add(_field.ToString());
        _field.Clear();
        _state = State.FieldStart;
    }

    void EndRecord(List<CsvRecord> ready, bool isCutOff)
    {
        if (_fields.Count == 0 && _state == State.FieldStart)
            return;
        EndField();
        if (isCutOff || _fields.Exists(field => !string.IsNullOrWhiteSpace(field)))
            ready.Add(new CsvRecord(_fields, _recordLine, isCutOff));
        _fields = [];
    }

    /// <summary>That which the first line has most of, outside of quotation marks.</summary>
    static char DelimiterOf(ReadOnlySpan<char> text)
    {
        Span<int> counts = [0, 0, 0];
        var isQuoted = false;
        foreach (var c in text)
            if (c == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && c is '\r' or '\n')
                break;
            else if (!isQuoted && Delimiters.IndexOf(c) is var found and >= 0)
                counts[found]++;
        return Delimiters[counts.IndexOf(int.Max(counts[0], int.Max(counts[1], counts[2])))];
    }
}
