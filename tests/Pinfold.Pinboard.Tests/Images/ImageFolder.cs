namespace Pinfold.Pinboard.Tests.Images;

/// <summary>An empty folder for one test, deleted with it.</summary>
internal sealed class ImageFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("pinfold-images-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string[] Files => [.. Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
        .Select(file => System.IO.Path.GetRelativePath(Path, file)).Order(StringComparer.Ordinal)];

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
