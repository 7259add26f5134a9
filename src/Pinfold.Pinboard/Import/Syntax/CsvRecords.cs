using System.Runtime.CompilerServices;
using System.Text;

namespace Pinfold.Pinboard.Import.Syntax;

/// <summary>A line of a CSV file, which may be several lines of text.</summary>
/// <param name="Fields">At most 256; what has more is cut.</param>
/// <param name="Line">1-based, where it begins.</param>
/// <param name="IsCutOff">The file ended within a quoted field: the last field is not whole.</param>
readonly record struct CsvRecord(IReadOnlyList<string> Fields, long Line, bool IsCutOff);

/// <summary>CSV after RFC 4180, with any line ends, as it arrives; blank lines are no records.</summary>
sealed class CsvRecords
{
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

    public static async IAsyncEnumerable<CsvRecord> ReadAsync(
        TextReader source, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var records = new CsvRecords();
        var chunk = new char[16 * 1024];
        var ready = new List<CsvRecord>();
        while (await source.ReadAsync(chunk, cancellation) is var count and > 0)
        {
            foreach (var c in chunk.AsSpan(0, count))
                records.Take(c, ready);
            foreach (var record in ready)
                yield return record;
            ready.Clear();
        }
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
            case ',':
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
        ready.Add(new CsvRecord(_fields, _recordLine, isCutOff));
        _fields = [];
    }
}
