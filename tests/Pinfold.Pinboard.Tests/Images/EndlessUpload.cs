namespace Pinfold.Pinboard.Tests.Images;

/// <summary>A JPEG's first bytes and then zeros, as many as asked for; counts what was taken.</summary>
internal sealed class EndlessUpload(long length) : Stream
{
    public long Sent { get; private set; }

    public bool BreaksAtEnd { get; init; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => Sent;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var sent = (int)Math.Min(count, length - Sent);
        if (sent == 0 && BreaksAtEnd)
            throw new EndOfStreamException("The sender is gone.");
        buffer.AsSpan(offset, sent).Clear();
        if (Sent == 0)
            ((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF, 0xE0]).CopyTo(buffer.AsSpan(offset));
        Sent += sent;
        return sent;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer, offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
