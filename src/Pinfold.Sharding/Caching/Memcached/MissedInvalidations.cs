namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>
/// The keys that a dead server must forget before it is asked again. Past <paramref name="keysMax"/> it remembers only
/// that there were too many: the server is then emptied. Not thread-safe; its server's lock guards it.
/// </summary>
internal sealed class MissedInvalidations(int keysMax)
{
    readonly HashSet<string> _keys = [];

    public int Count => IsOverflown ? keysMax : _keys.Count;

    public bool IsEmpty => !IsOverflown && _keys.Count == 0;

    public bool IsOverflown { get; private set; }

    public void Add(IReadOnlyList<string> keys)
    {
        for (var i = 0; i < keys.Count && !IsOverflown; i++)
        {
            _keys.Add(keys[i]);
            if (_keys.Count > keysMax)
                AddEverything();
        }
    }

    public void AddEverything()
    {
        IsOverflown = true;
        _keys.Clear();
    }

    /// <summary>
    /// Takes out what to deliver next: an empty array stands for everything. A key that is invalidated again during the
    /// delivery is then added anew, and not lost when the delivery has succeeded.
    /// </summary>
    public string[] Take(int countMax)
    {
        if (IsOverflown)
        {
            IsOverflown = false;
            return [];
        }
        var taken = _keys.Take(countMax).ToArray();
        _keys.ExceptWith(taken);
        return taken;
    }

    /// <summary>Puts back what <see cref="Take"/> gave and could not be delivered.</summary>
    public void PutBack(string[] taken)
    {
        if (taken.Length == 0)
            AddEverything();
        else
            Add(taken);
    }
}
