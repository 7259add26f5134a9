using System.Text.Json;

namespace Pinfold.Pinboard.Import.Syntax;

/// <summary>What the beginning of a JSON file shows of it.</summary>
/// <param name="IsArray">An array, else an object.</param>
/// <param name="Names">The properties of that object, or of the objects in that array, in their order.</param>
sealed record JsonHead(bool IsArray, IReadOnlyList<string> Names)
{
    const int NamesMax = 200;

    /// <summary>As far as it is JSON; null if it does not even begin so.</summary>
    public static JsonHead? Read(SourceHead head)
    {
        var bytes = head.Bytes.Span;
        if (bytes is [0xEF, 0xBB, 0xBF, ..])
            bytes = bytes[3..];
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, new JsonReaderState());
        var names = new List<string>();
        try
        {
            if (!reader.Read() || reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
                return null;
        }
        catch (JsonException)
        {
            return null;
        }
        var isArray = reader.TokenType == JsonTokenType.StartArray;
        try
        {
            while (names.Count < NamesMax && reader.Read())
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == (isArray ? 2 : 1)
                    && JsonTokens.Text(ref reader) is { } name && !names.Contains(name))
                    names.Add(name);
        }
        catch (JsonException)
        {
            // Damaged further on: whoever reads it says where.
        }
        return new JsonHead(isArray, names);
    }
}
