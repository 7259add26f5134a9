using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import;

/// <summary>
/// Files and folders that were handed in on a page, in the data folder's <c>imports</c>, named by their owner.
/// </summary>
sealed class ReceivedFiles(Installation installation, TimeProvider time)
{
    /// <summary>How many a person may have that are not imported yet: each may take a gigabyte.</summary>
    public const int OfOnePersonMax = 5;

    /// <summary>How long a stopped import can go on.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    /// <summary>Longer than any upload takes: what is in no import by then was left by a killed process.</summary>
    public static readonly TimeSpan OrphanAge = TimeSpan.FromDays(1);

    public string PathOf(string name) => Path.Combine(installation.ImportFolder, name);

    /// <summary>A name for something that <paramref name="owner"/> hands in.</summary>
    /// <exception cref="PinfoldException">LimitExceeded: too much of theirs waits.</exception>
    public string NewName(ObjectId<User> owner)
    {
        Directory.CreateDirectory(installation.ImportFolder);
        var prefix = $"{owner}-";
        if (Directory.EnumerateFileSystemEntries(installation.ImportFolder, $"{prefix}*").Count() >= OfOnePersonMax)
            throw new PinfoldException(ErrorKind.LimitExceeded,
                $"{OfOnePersonMax} of your imports are not finished; let them end, or go on with those you stopped.");
        return $"{prefix}{Guid.CreateVersion7():N}";
    }

    /// <summary>Fine when it is not there.</summary>
    public void Delete(string name)
    {
        var path = PathOf(name);
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }

    /// <summary>What was received longer ago; the owner is null where the name is not one of these.</summary>
    public IReadOnlyList<(string Name, ObjectId<User>? Owner, TimeSpan Age)> ListOlderThan(TimeSpan age)
    {
        var folder = new DirectoryInfo(installation.ImportFolder);
        return !folder.Exists ? [] : [.. folder.EnumerateFileSystemInfos()
            .Select(f => (f.Name, OwnerOf(f.Name), Age: time.GetUtcNow() - f.LastWriteTimeUtc))
            .Where(f => f.Age >= age)];
    }

    static ObjectId<User>? OwnerOf(string name) =>
        ObjectId.TryParse(name.Split('-')[0], null, out var owner) && owner.Type == User.Type.Number
            ? User.Type.Id(owner) : null;
}
