namespace Pinfold.Pinboard.Sweeping;

/// <summary>What killed processes left in the folder for files that last no longer than a request.</summary>
sealed class TemporaryFiles(Installation installation, TimeProvider time)
{
    /// <summary>Longer than any request takes.</summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromDays(1);

    /// <summary>Deletes what nobody wrote to for <see cref="AgeMax"/>; says how many files.</summary>
    public int Sweep()
    {
        var swept = 0;
        foreach (var file in new DirectoryInfo(installation.TemporaryFolder).EnumerateFiles())
        {
            if (time.GetUtcNow() - file.LastWriteTimeUtc < AgeMax)
                continue;
            file.Delete();
            swept++;
        }
        return swept;
    }
}
