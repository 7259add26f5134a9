namespace Pinfold.Pinboard.Tests.Images;

/// <summary>Gives half of its content, then waits until it may go on.</summary>
sealed class SlowUpload(byte[] content) : Stream
{
    readonly TaskCompletionSource _halfRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _read;

    /// <summary>Half was taken, and more is asked for.</summary>
    public Task HalfRead => _halfRead.Task;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public void GoOn() => _goesOn.TrySetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var half = content.Length / 2;
        if (_read == half)
        {
            _halfRead.TrySetResult();
            await _goesOn.Task.WaitAsync(cancellationToken);
        }
        var count = Math.Min(buffer.Length, _read < half ? half - _read : content.Length - _read);
        content.AsMemory(_read, count).CopyTo(buffer);
        _read += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
