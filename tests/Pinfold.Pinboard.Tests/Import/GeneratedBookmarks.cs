using System.Text;

namespace Pinfold.Pinboard.Tests.Import;

/// <summary>A bookmark file of any size that is made while it is read; a folder for every thousand links.</summary>
sealed class GeneratedBookmarks : Stream
{
    readonly byte[] _head = Encoding.UTF8.GetBytes("<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n");
    readonly int _links;
    readonly string _icon;
    readonly int _entryLength;

    public GeneratedBookmarks(int links, int iconLength)
    {
        _links = links;
        _icon = new string('A', iconLength);
        _entryLength = Encoding.UTF8.GetByteCount(Entry(0));
    }

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => _head.Length + ((long)_links * _entryLength);
    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        if (Position >= Length)
            return 0;
        var at = Position - _head.Length;
        var piece = at < 0
            ? _head.AsSpan((int)Position)
            : Encoding.UTF8.GetBytes(Entry((int)(at / _entryLength))).AsSpan((int)(at % _entryLength));
        var count = Math.Min(piece.Length, buffer.Length);
        piece[..count].CopyTo(buffer);
        Position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    string Entry(int number)
    {
        var opens = number % 1000 == 0 ? $"<DT><H3>Folder {number:D7}</H3><DL><p>" : new string(' ', 39);
        var closes = number % 1000 == 999 || number == _links - 1 ? "</DL><p>" : new string(' ', 8);
        var end = number == _links - 1 ? "</DL>" : new string(' ', 5);
        return $"{opens}<DT><A HREF=\"https://site.example/{number:D7}\" ADD_DATE=\"1456433741\" ICON=\"{_icon}\">Link {number:D7}</A>{closes}{end}\n";
    }
}
