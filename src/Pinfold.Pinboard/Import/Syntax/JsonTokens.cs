using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Pinfold.Pinboard.Import.Rows;

namespace Pinfold.Pinboard.Import.Syntax;

/// <summary>Looks at one token; what it keeps of it must be a copy.</summary>
delegate void JsonTokenHandler(ref Utf8JsonReader reader);

/// <summary>Reads JSON of any length token by token, in memory for the longest token.</summary>
static class JsonTokens
{
    const int ChunkBytes = 32 * 1024;
    const int TokenBytesMax = 4 << 20;

    /// <summary>
    /// Hands every token to <paramref name="handle"/> and comes back after each chunk of the file, with null, so that
    /// what was read so far can be used; the last time with what is wrong, if the file is no JSON or is cut off.
    /// </summary>
    public static async IAsyncEnumerable<string?> ReadAsync(
        Stream source, JsonTokenHandler handle, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var buffer = new byte[ChunkBytes];
        var state = new JsonReaderState(new JsonReaderOptions { MaxDepth = 3 * ImportLimits.FolderDepthMax });
        var held = await SkipByteOrderMarkAsync(source, buffer, cancellation);
        for (var isLast = false; !isLast;)
        {
            var count = await source.ReadAtLeastAsync(
                buffer.AsMemory(held), 1, throwOnEndOfStream: false, cancellation);
            isLast = count == 0;
            var (used, problem) = Take(buffer.AsSpan(0, held + count), isLast, ref state, handle);
            if (problem is not null)
            {
                yield return problem;
                yield break;
            }
            held = held + count - used;
            buffer.AsSpan(used, held).CopyTo(buffer);
            if (held == buffer.Length && buffer.Length >= TokenBytesMax)
            {
                yield return $"It holds a text longer than {TokenBytesMax >> 20} MB.";
                yield break;
            }
            if (held == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            yield return null;
        }
    }

    /// <summary>
    /// A string, a number or a truth value as text, else null; what is no Unicode comes with replacement characters.
    /// </summary>
    public static string? Text(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String or JsonTokenType.PropertyName:
                try
                {
                    return reader.GetString();
                }
                catch (InvalidOperationException)
                {
                    return Encoding.UTF8.GetString(reader.ValueSpan);
                }
            case JsonTokenType.True or JsonTokenType.False:
                return reader.TokenType == JsonTokenType.True ? "true" : "false";
            case JsonTokenType.Number:
                return Encoding.UTF8.GetString(reader.ValueSpan);
            default:
                return null;
        }
    }

    static (int Used, string? Problem) Take(
        ReadOnlySpan<byte> bytes, bool isLast, ref JsonReaderState state, JsonTokenHandler handle)
    {
        var reader = new Utf8JsonReader(bytes, isLast, state);
        try
        {
            while (reader.Read())
                handle(ref reader);
        }
        catch (JsonException e)
        {
            return (0, isLast
                ? $"It ends too early, in line {e.LineNumber + 1}: it was cut off."
                : $"It is not valid JSON, in line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} of it.");
        }
        state = reader.CurrentState;
        return ((int)reader.BytesConsumed, null);
    }

    static async Task<int> SkipByteOrderMarkAsync(Stream source, byte[] buffer, CancellationToken cancellation)
    {
        source.Position = 0;
        var count = await source.ReadAtLeastAsync(buffer.AsMemory(0, 3), 3, throwOnEndOfStream: false, cancellation);
        return buffer is [0xEF, 0xBB, 0xBF, ..] ? 0 : count;
    }
}
