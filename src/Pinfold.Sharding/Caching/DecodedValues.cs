namespace Pinfold.Sharding.Caching;

/// <summary>
/// What bytes of a cache were decoded to, so that a value that is the same still is not decoded again. The bytes are
/// compared, so nothing has to be forgotten here when something is invalidated there.
/// </summary>
sealed class DecodedValues(int bytesMax = DecodedValues.BytesMaxDefault)
{
    const int BytesMaxDefault = 4 << 20;

    readonly Lock _lock = new();
    Dictionary<string, Decoded> _young = [];
    Dictionary<string, Decoded> _old = [];
    long _youngBytes;

    /// <summary>The value of these bytes: the one of before, or what <paramref name="decode"/> makes of them.</summary>
    public TValue Get<TValue>(string key, ReadOnlyMemory<byte> bytes, Func<ReadOnlyMemory<byte>, TValue> decode)
        where TValue : class
    {
        if (Find(key) is { Value: TValue known } found && found.Bytes.Span.SequenceEqual(bytes.Span))
            return known;
        var value = decode(bytes);
        Keep(key, new Decoded(bytes, value));
        return value;
    }

    Decoded? Find(string key)
    {
        Decoded? found;
        lock (_lock)
        {
            if (_young.TryGetValue(key, out found))
                return found;
            if (!_old.TryGetValue(key, out found))
                return null;
        }
        Keep(key, found);
        return found;
    }

    /// <summary>Who was not asked for while half of the room was filled anew goes.</summary>
    void Keep(string key, Decoded decoded)
    {
        if (decoded.Bytes.Length > bytesMax / 2)
            return;
        lock (_lock)
        {
            if (_youngBytes + decoded.Bytes.Length > bytesMax / 2)
                (_old, _young, _youngBytes) = (_young, [], 0);
            _youngBytes += decoded.Bytes.Length - (_young.TryGetValue(key, out var before) ? before.Bytes.Length : 0);
            _young[key] = decoded;
        }
    }

    sealed record Decoded(ReadOnlyMemory<byte> Bytes, object Value);
}
