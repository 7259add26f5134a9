using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Journal;

/// <summary>
/// The journal row's content: a JSON array with an object per entry, short names, readable with any SQL client.
/// The id of an object that the same transaction creates is written <c>+ordinal:type</c>, since the shard hands out its
/// local id (<c>local_base + ordinal</c>) only when the row is written.
/// </summary>
static class JournalCodec
{
    // What HTML would need escaped stays as it is: the row is read by people, and no page is made of it.
    static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static readonly string[] Letters =
        ["create", "update", "delete", "erase", "map", "unmap", "claim", "release", "name", "event", "abandoned"];

    /// <summary>The row that uses a transaction id up, so that what was to bear it can never commit.</summary>
    public static ReadOnlySpan<byte> Abandoned => "[{\"k\":\"abandoned\"}]"u8;

    /// <summary>An entry whose ids may still be open.</summary>
    internal readonly record struct Draft(
        JournalEntryKind Kind, IdOrNew Id = default, int Mapping = 0, IdOrNew To = default, long Sequence = 0,
        string? Name = null, byte NameKind = 0, string? Payload = null);

    public static byte[] Encode(IReadOnlyList<Draft> drafts)
    {
        var buffer = new ArrayBufferWriter<byte>(96 * drafts.Count + 2);
        using var writer = new Utf8JsonWriter(buffer, Plain);
        writer.WriteStartArray();
        foreach (var draft in drafts)
        {
            writer.WriteStartObject();
            writer.WriteString("k"u8, Letters[(int)draft.Kind]);
            WriteId(writer, "i"u8, draft.Id);
            if (draft.Mapping != 0)
            {
                writer.WriteNumber("m"u8, draft.Mapping);
                WriteId(writer, "t"u8, draft.To);
                writer.WriteNumber("s"u8, draft.Sequence);
            }
            if (draft.NameKind != 0)
                writer.WriteNumber("nk"u8, draft.NameKind);
            if (draft.Name is not null)
                writer.WriteString("n"u8, draft.Name);
            if (draft.Payload is not null)
                writer.WriteString("p"u8, draft.Payload);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="NewerEntryException">It has an entry of a kind that this program does not know.</exception>
    /// <exception cref="PinfoldException">Corrupt: it cannot be read.</exception>
    public static JournalTransaction Decode(ShardId shard, JournalRow row)
    {
        try
        {
            return new(shard, row.Seq, row.Transaction, row.At, ReadEntries(shard, row));
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or FormatException or OverflowException
            or KeyNotFoundException or PinfoldException and not NewerEntryException)
        {
            throw new PinfoldException(
                ErrorKind.Corrupt, $"Journal row {row.Seq} of shard {shard} is not readable: {e.Message}", e)
            { Shard = shard };
        }
    }

    /// <summary>
    /// Whether what was to be written changes the same as what the row has: objects, entries of mappings, names,
    /// events. Sequences and payloads may differ, for they often hold the time; bodies the journal does not have.
    /// </summary>
    public static bool ChangesTheSame(ShardId shard, JournalRow row, byte[] entries)
    {
        try
        {
            return row.Entries.AsSpan().SequenceEqual(entries)
                || Decode(shard, row).Entries.Select(Shape).SequenceEqual(
                    Decode(shard, row with { Entries = entries }).Entries.Select(Shape));
        }
        catch (NewerEntryException)
        {
            return false; // what this program writes, it knows
        }
    }

    static JournalEntry Shape(JournalEntry entry) => entry with { Sequence = 0, Payload = null };

    static List<JournalEntry> ReadEntries(ShardId shard, JournalRow row)
    {
        using var document = JsonDocument.Parse(row.Entries);
        var entries = new List<JournalEntry>(document.RootElement.GetArrayLength());
        foreach (var e in document.RootElement.EnumerateArray())
        {
            var letters = e.GetProperty("k").GetString() ?? throw new FormatException("a kind is null");
            var kind = Array.IndexOf(Letters, letters);
            if (kind < 0)
                throw new NewerEntryException(shard, row.Seq, letters);
            entries.Add(new JournalEntry(
                (JournalEntryKind)kind,
                Id(e, "i", shard, row.LocalBase),
                e.TryGetProperty("m", out var m) ? m.GetInt32() : 0,
                Id(e, "t", shard, row.LocalBase),
                e.TryGetProperty("s", out var s) ? s.GetInt64() : 0,
                e.TryGetProperty("n", out var n) ? n.GetString() : null,
                e.TryGetProperty("nk", out var nk) ? nk.GetByte() : (byte)0,
                e.TryGetProperty("p", out var p) ? p.GetString() : null));
        }
        return entries;
    }

    static void WriteId(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IdOrNew id)
    {
        if (id is { IsNew: false, Id.IsNone: true })
            return;
        Span<char> text = stackalloc char[32];
        int length;
        if (id.IsNew)
            text.TryWrite(CultureInfo.InvariantCulture, $"+{id.Ordinal}:{id.Type}", out length);
        else
            id.Id.TryFormat(text, out length, default, null);
        writer.WriteString(name, text[..length]);
    }

    static ObjectId Id(JsonElement entry, string name, ShardId shard, long localBase)
    {
        if (!entry.TryGetProperty(name, out var value))
            return default;
        var text = value.GetString() ?? throw new FormatException($"\"{name}\" is null");
        if (!text.StartsWith('+'))
            return ObjectId.Parse(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            throw new FormatException($"\"{text}\" is not the place of a new object, such as +1:2");
        var ordinal = int.Parse(text.AsSpan(1, colon - 1), NumberStyles.None, CultureInfo.InvariantCulture);
        var type = int.Parse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        return new ObjectId(shard, type, localBase + ordinal);
    }
}
