using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Pinfold.Sharding.Topology.Reading;

/// <summary>The bytes of a file, and how a place in them is told to a person.</summary>
sealed class SourceText
{
    const int DepthMax = 16;
    readonly ReadOnlyMemory<byte> _utf8;
    readonly List<int> _lineStarts = [0];

    public SourceText(ReadOnlyMemory<byte> utf8)
    {
        _utf8 = utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        var span = _utf8.Span;
        for (var i = 0; i < span.Length; i++)
            if (span[i] == '\n')
                _lineStarts.Add(i + 1);
    }

    public (int Line, int Column) Locate(int offset)
    {
        var index = _lineStarts.BinarySearch(offset);
        var line = index < 0 ? ~index - 1 : index;
        var before = _utf8.Span[_lineStarts[line]..offset];
        return (line + 1, Encoding.UTF8.GetCharCount(before) + 1);
    }

    /// <summary>Null, with the problem added, when this is not JSON; nothing more can be said of such a file.</summary>
    public SourceNode? Parse(ProblemList problems)
    {
        var span = _utf8.Span;
        if (!Utf8.IsValid(span))
        {
            problems.Add(FirstInvalidByte(span), "the file is not UTF-8 text: save it as UTF-8.");
            return null;
        }
        var reader = new Utf8JsonReader(span, new JsonReaderOptions
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
            MaxDepth = DepthMax,
        });
        try
        {
            if (span.Trim(" \t\r\n"u8).IsEmpty)
            {
                problems.Add(0, "the file is empty: a topology is an object with version, servers and shards.");
                return null;
            }
            reader.Read();
            var root = SourceNode.Read(ref reader);
            reader.Read();
            return root;
        }
        catch (JsonException cause)
        {
            problems.Add(OffsetOf(cause), $"this is not JSON: {WithoutPlace(cause.Message)}");
            return null;
        }
        catch (InvalidOperationException)
        {
            problems.Add((int)reader.TokenStartIndex,
                "this text has half of a surrogate pair: write the character itself.");
            return null;
        }
    }

    int OffsetOf(JsonException cause)
    {
        var line = (int)Math.Min(cause.LineNumber ?? 0, _lineStarts.Count - 1);
        return (int)Math.Min(_lineStarts[line] + (cause.BytePositionInLine ?? 0), _utf8.Length);
    }

    /// <summary>The reader appends the place, counted from 0; ours is counted from 1, as editors do.</summary>
    static string WithoutPlace(string message)
    {
        var place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return place < 0 ? message : message[..place];
    }

    static int FirstInvalidByte(ReadOnlySpan<byte> bytes)
    {
        var offset = 0;
        while (Rune.DecodeFromUtf8(bytes[offset..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
            offset += consumed;
        return offset;
    }
}
