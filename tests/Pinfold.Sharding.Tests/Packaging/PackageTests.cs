using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Pinfold.Sharding.Tests.Style;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Packaging;

/// <summary>What <c>dotnet pack</c> makes of the library.</summary>
public sealed partial class PackageTests(PackedLibrary packed)
{
    static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    [Fact]
    public async Task ThePackageSaysWhatItIsAndNamesNoMachine()
    {
        using var package = await ZipFile.OpenReadAsync(await packed.FindAsync(".nupkg"));
        var text = await TextAsync(package, "Pinfold.Sharding.nuspec");
        var metadata = XDocument.Parse(text).Root!.Elements().First();
        string? Of(string name) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

        Of("id").ShouldBe("Pinfold.Sharding");
        Of("license").ShouldBe("Apache-2.0");
        Of("readme").ShouldBe("README.md");
        Of("icon").ShouldBe("icon.png");
        Of("description")!.ShouldContain("the id is the address");
        Of("tags")!.Split(' ').ShouldContain("sharding");
        text.ShouldNotContain(Repository.Current.Root);
        metadata.Descendants().Where(e => e.Name.LocalName == "dependency")
            .Select(e => e.Attribute("id")!.Value).Order().ShouldBe([
                "Microsoft.Data.Sqlite", "Microsoft.Extensions.DependencyInjection",
                "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Hosting.Abstractions",
                "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "MySqlConnector",
            ]);
    }

    [Fact]
    public async Task ThePackageHoldsTheLibraryItsWordsItsReadmeAndItsIcon()
    {
        using var package = await ZipFile.OpenReadAsync(await packed.FindAsync(".nupkg"));

        package.Entries.Select(e => e.FullName)
            .Where(name => !name.StartsWith('_') && !name.StartsWith("package/", StringComparison.Ordinal)
                && name[0] != '[').Order(StringComparer.Ordinal)
            .ShouldBe([
                "Pinfold.Sharding.nuspec", "README.md", "icon.png",
                "lib/net10.0/Pinfold.Sharding.dll", "lib/net10.0/Pinfold.Sharding.xml",
            ]);
        (await TextAsync(package, "lib/net10.0/Pinfold.Sharding.xml"))
            .ShouldContain("M:Pinfold.Sharding.Store.ShardedStore.Begin");
    }

    [Fact]
    public async Task TheSymbolsHoldEverySourceUnderItsPathInTheRepository()
    {
        using var package = await ZipFile.OpenReadAsync(await packed.FindAsync(".snupkg"));
        await using var file = await package.GetEntry("lib/net10.0/Pinfold.Sharding.pdb")!.OpenAsync();
        var copy = new MemoryStream();
        await file.CopyToAsync(copy);
        copy.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(copy);
        var pdb = provider.GetMetadataReader();

        var documents = pdb.Documents.ToDictionary(d => pdb.GetString(pdb.GetDocument(d).Name), d =>
            pdb.GetCustomDebugInformation(d).Any(i =>
                pdb.GetGuid(pdb.GetCustomDebugInformation(i).Kind) == EmbeddedSource));

        documents.Count.ShouldBeGreaterThan(100);
        documents.Where(d => !d.Value).ShouldBeEmpty();
        // As a debug build has it, or one outside a repository, a path is that of the machine.
        if (PackedLibrary.Configuration == "Release" && Path.Exists(Path.Combine(Repository.Current.Root, ".git")))
            documents.Keys.Where(name => !Source().IsMatch(name)).ShouldBeEmpty();
    }

    [GeneratedRegex("^/_/src/Pinfold.Sharding/[^:]+$")]
    private static partial Regex Source();

    static async Task<string> TextAsync(ZipArchive package, string entry)
    {
        using var reader = new StreamReader(await package.GetEntry(entry)!.OpenAsync());
        return await reader.ReadToEndAsync();
    }
}
