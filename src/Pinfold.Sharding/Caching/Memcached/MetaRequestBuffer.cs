using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>
/// Commands of memcached's meta protocol, written one after another into a pooled array. Each carries its number as
/// opaque (<c>O</c>), which the server returns. Keys were checked before.
/// </summary>
internal sealed class MetaRequestBuffer : IDisposable
{
    const int KeptBytes = 64 << 10;
    const int CommandBytesMax = 400;

    byte[] _bytes = [];
    int _length;

    public int Length => _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>Value and CAS of a key; if it is missing, a placeholder is made that holds the lease.</summary>
    public void Get(string key, uint opaque, int leaseSeconds)
    {
        Begin("mg "u8, key);
        Append(" v c N"u8);
        Append((ulong)leaseSeconds);
        EndWithOpaque(opaque);
    }

    /// <summary>Stores only if the item is there and still has this CAS.</summary>
    public void Set(string key, uint opaque, ReadOnlySpan<byte> value, int timeToLiveSeconds, ulong cas)
    {
        Begin("ms "u8, key);
        Append(" "u8);
        Append((ulong)value.Length);
        Append(" T"u8);
        Append((ulong)timeToLiveSeconds);
        Append(" C"u8);
        Append(cas);
        EndWithOpaque(opaque);
        Reserve(value.Length + 2);
        Append(value);
        Append("\r\n"u8);
    }

    public void Delete(string key, uint opaque)
    {
        Begin("md "u8, key);
        EndWithOpaque(opaque);
    }

    /// <summary>Deletes only if the item still has this CAS.</summary>
    public void Delete(string key, uint opaque, ulong cas)
    {
        Begin("md "u8, key);
        Append(" C"u8);
        Append(cas);
        EndWithOpaque(opaque);
    }

    public void NoOp() => AppendLine("mn\r\n"u8);

    public void FlushAll() => AppendLine("flush_all\r\n"u8);

    /// <summary>Forgets what was written; an array that a large value made grow goes back to the pool.</summary>
    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > KeptBytes)
            Dispose();
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    void Begin(ReadOnlySpan<byte> command, string key)
    {
        Reserve(CommandBytesMax);
        Append(command);
        _length += Encoding.ASCII.GetBytes(key, _bytes.AsSpan(_length));
    }

    void EndWithOpaque(uint opaque)
    {
        Append(" O"u8);
        Append(opaque);
        Append("\r\n"u8);
    }

    void AppendLine(ReadOnlySpan<byte> line)
    {
        Reserve(line.Length);
        Append(line);
    }

    void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    void Append(ulong number)
    {
        Utf8Formatter.TryFormat(number, _bytes.AsSpan(_length), out var written);
        _length += written;
    }

    void Reserve(int more)
    {
        if (_bytes.Length - _length >= more)
            return;
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(4096, Math.Max(_bytes.Length * 2, _length + more)));
        _bytes.AsSpan(0, _length).CopyTo(grown);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = grown;
    }
}
