namespace Pinfold.Pinboard.Import.Syntax;

/// <summary>
/// A stream that is only read, and can begin again but not go elsewhere: what is unpacked while it is read.
/// </summary>
abstract class RestartedStream : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    /// <summary>Only 0 can be set.</summary>
    public override long Position
    {
        get => Given;
        set
        {
            if (value != 0)
                throw new NotSupportedException("Only the beginning can be gone back to.");
            Restart();
            Given = 0;
        }
    }

    /// <summary>How many bytes were read since the beginning.</summary>
    protected long Given { get; private set; }

    public sealed override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("It is read asynchronously.");

    public sealed override Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public sealed override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await ReadNextAsync(buffer, cancellationToken);
        Given += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected abstract void Restart();

    protected abstract ValueTask<int> ReadNextAsync(Memory<byte> buffer, CancellationToken cancellation);
}
