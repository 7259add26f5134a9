using System.Text;
using System.Text.Json;

namespace Pinfold.Sharding.Topology.Reading;

/// <summary>A JSON value that knows where in the file it stands, which System.Text.Json's own trees do not.</summary>
sealed class SourceNode
{
    const int ShownCharsMax = 60;

    SourceNode(JsonTokenType kind, int offset)
    {
        Kind = kind;
        Offset = offset;
    }

    public JsonTokenType Kind { get; }

    public int Offset { get; }

    /// <summary>Of a string its value, of a number its digits as written, otherwise empty.</summary>
    public string Text { get; private init; } = "";

    public List<SourceProperty> Properties { get; } = [];

    public List<SourceNode> Items { get; } = [];

    /// <summary>Reads the value that the reader stands on; the reader's depth limit bounds the recursion.</summary>
    public static SourceNode Read(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => "",
        };
        var node = new SourceNode(reader.TokenType, (int)reader.TokenStartIndex) { Text = text };
        if (node.Kind == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                node.Items.Add(Read(ref reader));
        }
        else if (node.Kind == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var (name, offset) = (reader.GetString()!, (int)reader.TokenStartIndex);
                reader.Read();
                node.Properties.Add(new SourceProperty(name, offset, Read(ref reader)));
            }
        }
        return node;
    }

    /// <summary>What stands there, for a message.</summary>
    public string Describe() => Kind switch
    {
        JsonTokenType.String => Quote(Text),
        JsonTokenType.Number => Shorten(Text),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "a list",
        _ => "an object",
    };

    /// <summary>Messages go to terminals and logs: short, and without control characters.</summary>
    public static string Quote(string text) => $"\"{Shorten(text)}\"";

    static string Shorten(string text)
    {
        var shown = text.Length <= ShownCharsMax ? text : text[..ShownCharsMax] + "…";
        return string.Concat(shown.Select(c => char.IsControl(c) ? '\uFFFD' : c));
    }
}

/// <summary>A property of an object; <paramref name="Offset"/> is that of its name.</summary>
readonly record struct SourceProperty(string Name, int Offset, SourceNode Value);
