namespace Pinfold.Sharding.Topology;

/// <summary>
/// What a file looks like from outside, so that an unchanged one need not be read. A file that was written just before
/// it was read may change again within one tick of its clock, so its stamp proves nothing.
/// </summary>
readonly record struct FileStamp(DateTime WrittenAt, long Length, bool Settled)
{
    static readonly TimeSpan ClockTickMax = TimeSpan.FromSeconds(2);

    public static FileStamp Of(string path, TimeProvider time)
    {
        var file = new FileInfo(path);
        return file.Exists
            ? new FileStamp(file.LastWriteTimeUtc, file.Length,
                Settled: time.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc > ClockTickMax)
            : default;
    }

    public bool ProvesUnchanged(FileStamp now) => Settled && WrittenAt == now.WrittenAt && Length == now.Length;
}
