namespace Pinfold.Sharding.Caching;

/// <summary>What may be a key. A blank or a line end inside one would be a second command to Memcached.</summary>
internal static class CacheKey
{
    const int LengthMax = 250;

    public static void Check(IReadOnlyList<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        for (var i = 0; i < keys.Count; i++)
            Check(keys[i]);
    }

    public static void Check(string key)
    {
        if (key is null or { Length: 0 or > LengthMax } || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw Refusal(key);
    }

    static PinfoldException Refusal(string? key) => PinfoldException.Invalid(key switch
    {
        null or "" => "An empty string is not a cache key: a key is 1 to 250 characters of printable ASCII.",
        { Length: > LengthMax } => $"A cache key of {key.Length} characters is too long: {LengthMax} are allowed.",
        _ => "A cache key holds a blank, a control character or a character beyond ASCII: none of them is allowed.",
    });
}
