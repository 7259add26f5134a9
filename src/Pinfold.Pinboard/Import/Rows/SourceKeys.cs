using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pinfold.Pinboard.Import.Rows;

/// <summary>
/// Keys by which an entry is known again. Two entries that look alike (one address twice in one folder) are told
/// apart by counting, within their folder only: so a change elsewhere in a later export does not move the keys.
/// </summary>
sealed class SourceKeys
{
    readonly HashSet<ulong> _seen = [];
    readonly Dictionary<ulong, int> _repeats = [];

    /// <summary>The key of the next entry with these parts: the first, the second twin and so on.</summary>
    public string Next(params ReadOnlySpan<string> parts)
    {
        var hash = Hash(parts);
        var short64 = BinaryPrimitives.ReadUInt64BigEndian(hash);
        if (_seen.Add(short64))
            return Text(hash);
        var twin = _repeats[short64] = _repeats.GetValueOrDefault(short64, 1) + 1;
        return Of([.. parts, $"twin {twin}"]);
    }

    /// <summary>
    /// 128 bits of SHA-256 as hex; each part goes in with its length, so parts cannot run into one another.
    /// </summary>
    public static string Of(params ReadOnlySpan<string> parts) => Text(Hash(parts));

    static byte[] Hash(ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        return hash.GetHashAndReset();
    }

    static string Text(byte[] hash) => Convert.ToHexStringLower(hash.AsSpan(0, 16));
}
