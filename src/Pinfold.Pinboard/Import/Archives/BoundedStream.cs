using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import.Archives;

/// <summary>
/// Reads on from another stream, and refuses to give more than was announced: an archive may lie about lengths.
/// </summary>
sealed class BoundedStream(Stream inner, long lengthMax, string name) : Stream
{
    long _given;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _given;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer) => Counted(inner.Read(buffer));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await inner.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    int Counted(int count) => (_given += count) <= lengthMax
        ? count
        : throw new PinfoldException(ErrorKind.LimitExceeded,
            $"“{name}” is larger than the {lengthMax:N0} bytes that the archive says; it may be a zip bomb.");
}
