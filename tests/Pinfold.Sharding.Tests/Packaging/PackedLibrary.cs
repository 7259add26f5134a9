using System.Text.Json;
using Pinfold.Sharding.Tests.Packaging;
using Pinfold.Sharding.Tests.Style;
using Pinfold.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(PackedLibrary))]

namespace Pinfold.Sharding.Tests.Packaging;

/// <summary>
/// The library as <c>dotnet pack</c> makes it, once for all tests that ask, in <c>artifacts/packages</c> of a folder
/// that is called as a clone is.
/// </summary>
public sealed class PackedLibrary : IDisposable
{
    readonly TempFolder _folder = new("packed");
    readonly Lazy<Task<string>> _clone;

    public PackedLibrary() => _clone = new(PackAsync);

    /// <summary>How the tests, and the library with them, were built.</summary>
    public static string Configuration { get; } =
        new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Name;

    /// <summary>The folder that stands for the clone; made with the first call.</summary>
    public Task<string> CloneAsync() => _clone.Value;

    /// <summary>The package, or its symbols, by the extension.</summary>
    public async Task<string> FindAsync(string extension) =>
        Directory.GetFiles(Path.Combine(await CloneAsync(), "artifacts/packages"), "*" + extension).Single();

    public void Dispose() => _folder.Dispose();

    /// <summary>The tests were built with the library, which is packed as it was built.</summary>
    async Task<string> PackAsync()
    {
        var clone = _folder["pinfold"];
        Directory.CreateDirectory(clone);
        var root = Repository.Current.Root;
        await Shell.RunAsync(
            $"dotnet pack src/Pinfold.Sharding --no-build -c {Configuration} -o '{clone}/artifacts/packages'", root);
        // What the package needs is here already, for the tests were built with it: nothing is asked of a registry.
        await File.WriteAllTextAsync(_folder["nuget.config"], $"""
            <configuration>
              <packageSources><clear /></packageSources>
              <fallbackPackageFolders><add key="built" value="{PackageFolder(root)}" /></fallbackPackageFolders>
            </configuration>
            """);
        return clone;
    }

    static string PackageFolder(string root)
    {
        using var assets = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(root, "tests/Pinfold.Sharding.Tests/obj/project.assets.json")));
        return assets.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
    }
}
