namespace Pinfold.Pinboard.Tests.Images;

/// <summary>
/// A file on a disk that has only so many bytes left: those are really written, and what follows goes to /dev/full, so
/// that the error is the kernel's own. Where there is no such device, the error is the one that .NET makes of ENOSPC.
/// </summary>
internal sealed class FullDisk(string path, int bytesFree) : Stream
{
    const string Device = "/dev/full";
    const int NoSpace = 28;

    readonly FileStream _file = new(path, FileMode.CreateNew, FileAccess.Write);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _file.Length;

    public override long Position
    {
        get => _file.Position;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        var fits = (int)Math.Min(count, bytesFree - _file.Position);
        _file.Write(buffer, offset, fits);
        if (fits == count)
            return;
        if (!File.Exists(Device))
            throw new IOException("No space left on device", NoSpace);
        using var full = new FileStream(Device, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        full.Write(buffer, offset + fits, count - fits);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    public override void Flush() => _file.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }
}
