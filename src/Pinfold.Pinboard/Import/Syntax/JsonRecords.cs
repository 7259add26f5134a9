using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Pinfold.Pinboard.Import.Syntax;

/// <summary>Reads an array of flat objects: strings, numbers, truth values, and arrays of them.</summary>
sealed class JsonRecords
{
    const int ValuesMax = 1000;

    readonly Queue<JsonRecord> _ready = [];
    JsonRecord _record = new();
    int _depth;
    string? _property;

    /// <summary>
    /// Each object, and in the end what is wrong, if the file is no JSON or is cut off; one of them is null.
    /// </summary>
    public static async IAsyncEnumerable<(JsonRecord? Record, string? Problem)> ReadAsync(
        Stream source, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var records = new JsonRecords();
        await foreach (var problem in JsonTokens.ReadAsync(source, records.Take, cancellation))
        {
            while (records._ready.TryDequeue(out var record))
                yield return (record, null);
            if (problem is not null)
                yield return (null, problem);
        }
    }

    void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                _depth++;
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                if (_depth == 2 && reader.TokenType == JsonTokenType.EndObject)
                {
                    _ready.Enqueue(_record);
                    _record = new JsonRecord();
                }
                _depth--;
                break;
            case JsonTokenType.PropertyName:
                _property = _depth == 2 ? JsonTokens.Text(ref reader) : null;
                break;
            // Its own values, and those of an array that it holds.
            case var _ when _property is { } name && _depth is 2 or 3 && JsonTokens.Text(ref reader) is { } value:
                _record.Add(name, value, ValuesMax);
                break;
        }
    }
}

/// <summary>An object, its values by name.</summary>
sealed class JsonRecord
{
    readonly Dictionary<string, List<string>> _values = [];

    /// <summary>The value, the first of an array, or null.</summary>
    public string? this[string name] => All(name) is [var first, ..] ? first : null;

    public IReadOnlyList<string> All(string name) => _values.GetValueOrDefault(name, []);

    public void Add(string name, string value, int valuesMax)
    {
        if (!_values.TryGetValue(name, out var values))
            _values[name] = values = [];
        if (values.Count < valuesMax)
            values.Add(value);
    }
}
