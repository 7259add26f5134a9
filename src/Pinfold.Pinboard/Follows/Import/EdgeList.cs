using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Follows.Import;

/// <summary>
/// Reads an edge list: a line for each edge, of two names with blanks or tabs between them, in UTF-8; empty lines and
/// those that begin with # are passed over. One that is compressed with gzip is read as it is.
/// </summary>
/// <remarks>As graphs are published, among others by the Stanford Network Analysis Project.</remarks>
sealed class EdgeList : IAsyncDisposable
{
    /// <summary>What is longer is no pair of names; the rest of such a line is not kept.</summary>
    const int LineLengthMax = 200;
    const int BufferLength = 64 << 10;

    static readonly byte[] GzipMagic = [0x1f, 0x8b];
    static readonly char[] Blanks = [' ', '\t'];

    readonly FileStream _file;
    readonly StreamReader _text;

    EdgeList(FileStream file, Stream content)
    {
        _file = file;
        _text = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, BufferLength);
    }

    /// <summary>How many bytes the file has.</summary>
    public long Length => _file.Length;

    /// <summary>How many of these were read; a little ahead of the rows.</summary>
    public long Position => _file.Position;

    /// <exception cref="PinfoldException">NotFound: it is not there, or cannot be read.</exception>
    public static async Task<EdgeList> OpenAsync(string path, CancellationToken cancellation)
    {
        try
        {
            var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferLength, FileOptions.Asynchronous);
            var head = new byte[GzipMagic.Length];
            var isCompressed = await file.ReadAtLeastAsync(head, head.Length, false, cancellation) == head.Length
                && head.AsSpan().SequenceEqual(GzipMagic);
            file.Position = 0;
            return new EdgeList(file, isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PinfoldException(ErrorKind.NotFound, $"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>All of it, once, in order.</summary>
    /// <exception cref="PinfoldException">Corrupt: what is compressed is damaged, or ends too early.</exception>
    public async IAsyncEnumerable<EdgeRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var buffer = new char[BufferLength];
        var line = new StringBuilder(LineLengthMax + 1);
        for (var number = 1L; ;)
        {
            var length = await ReadAsync(buffer, cancellation);
            if (length == 0)
            {
                if (RowOf(number, line) is { } last)
                    yield return last;
                yield break;
            }
            for (var start = 0; start < length;)
            {
                var rest = buffer.AsMemory(start, length - start);
                var end = rest.Span.IndexOf('\n');
                var part = end < 0 ? rest : rest[..end];
                line.Append(part.Span[..Math.Min(part.Length, LineLengthMax + 1 - line.Length)]);
                start += part.Length + (end < 0 ? 0 : 1);
                if (end < 0)
                    break;
                if (RowOf(number++, line) is { } row)
                    yield return row;
                line.Clear();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _text.Dispose();
        await _file.DisposeAsync();
    }

    async ValueTask<int> ReadAsync(char[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await _text.ReadAsync(buffer, cancellation);
        }
        catch (InvalidDataException e)
        {
            throw new PinfoldException(ErrorKind.Corrupt, $"{_file.Name} is damaged: {e.Message}", e);
        }
    }

    static EdgeRow? RowOf(long number, StringBuilder line)
    {
        var text = line.ToString().Trim();
        if (text.Length == 0 || text[0] == '#')
            return null;
        return text.Length > LineLengthMax
            ? new EdgeRow(number, text[..LineLengthMax] + "…", [])
            : new EdgeRow(number, text, text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries));
    }
}
