namespace Pinfold.Pinboard.Images.Bare;

/// <summary>A part of a file, or bytes in its stead.</summary>
readonly record struct BarePart(long From, long Length, byte[]? Text);

/// <summary>Collects what is kept of a file, in its order.</summary>
sealed class BareParts(long fileLength)
{
    readonly List<BarePart> _parts = [];

    public long Length { get; private set; }

    /// <summary>Keeps the bytes from one place up to another.</summary>
    public void Keep(long from, long to)
    {
        to = Math.Min(to, fileLength);
        if (to <= from)
            return;
        Length += to - from;
        if (_parts.Count > 0 && _parts[^1] is { Text: null } last && last.From + last.Length == from)
            _parts[^1] = last with { Length = to - last.From };
        else
            _parts.Add(new BarePart(from, to - from, null));
    }

    public void Write(params byte[] text)
    {
        Length += text.Length;
        _parts.Add(new BarePart(0, text.Length, text));
    }

    public IReadOnlyList<BarePart> ToList() => _parts;

    /// <summary>As <see cref="ToList"/>, with bytes before all of it.</summary>
    public void Begin(byte[] text)
    {
        Length += text.Length;
        _parts.Insert(0, new BarePart(0, text.Length, text));
    }
}
