using Pinfold.Pinboard.Import.Syntax;

namespace Pinfold.Pinboard.Import.Archives;

/// <summary>A file of an archive that can be read from its beginning more than once.</summary>
sealed class ArchivedStream(ArchivedFile file) : RestartedStream
{
    Stream? _opened;

    protected override void Restart()
    {
        _opened?.Dispose();
        _opened = null;
    }

    protected override async ValueTask<int> ReadNextAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        _opened ??= await file.OpenAsync(cancellation);
        return await _opened.ReadAsync(buffer, cancellation);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Restart();
        base.Dispose(disposing);
    }
}
