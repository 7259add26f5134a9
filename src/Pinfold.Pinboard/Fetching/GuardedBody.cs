namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// The unpacked body of an answer. Counts as it reads: past the limit it throws LimitExceeded, past the deadline
/// DeadlineExceeded, and a broken connection is Unavailable; so whoever reads needs to know none of these.
/// </summary>
internal sealed class GuardedBody(Uri url, Stream body, long bytesMax, FetchDeadline deadline) : Stream
{
    long _read;
    ReadOnlyMemory<byte> _ahead;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_ahead.IsEmpty)
        {
            var count = Math.Min(buffer.Length, _ahead.Length);
            _ahead[..count].CopyTo(buffer);
            _ahead = _ahead[count..];
            return count;
        }

        try
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            var read = await body.ReadAsync(buffer, both.Token);
            _read += read;
            return _read <= bytesMax ? read : throw FetchErrors.TooLarge(url, bytesMax);
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            throw FetchErrors.TooSlow(url, deadline.Limit, FetchOutlook.AddressLater);
        }
        catch (Exception e) when (FetchErrors.IsTransport(e))
        {
            throw FetchErrors.Transport(url, e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>
    /// Reads on until <paramref name="count"/> bytes are there or the body ends; what follows is not read.
    /// </summary>
    public async Task<byte[]> ReadStartAsync(int count, CancellationToken cancellation)
    {
        var start = new MemoryStream(Math.Min(count, 64 * 1024));
        var buffer = new byte[64 * 1024];
        while (start.Length < count)
        {
            var wanted = (int)Math.Min(buffer.Length, count - start.Length);
            var read = await ReadAsync(buffer.AsMemory(0, wanted), cancellation);
            if (read == 0)
                break;
            start.Write(buffer, 0, read);
        }

        return start.ToArray();
    }

    /// <summary>As <see cref="ReadStartAsync"/>, but what is given is read again.</summary>
    public async Task<byte[]> PeekAsync(int count, CancellationToken cancellation)
    {
        var start = await ReadStartAsync(count, cancellation);
        _ahead = start;
        return start;
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Bodies are read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            body.Dispose();
        base.Dispose(disposing);
    }
}
