namespace Pinfold.Pinboard.Tests.Import;

/// <summary>A text that is delivered in pieces of the given lengths, over and over.</summary>
sealed class TornText(string text, int[] lengths) : TextReader
{
    int _at;
    int _piece;

    public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
    {
        var count = Math.Min(Math.Min(lengths[_piece++ % lengths.Length], buffer.Length), text.Length - _at);
        text.AsMemory(_at, count).CopyTo(buffer);
        _at += count;
        return ValueTask.FromResult(count);
    }
}
