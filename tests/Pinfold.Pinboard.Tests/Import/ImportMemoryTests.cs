using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Rows;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import;

/// <summary>Alone in the process while it runs: other tests' memory would count too.</summary>
[CollectionDefinition(nameof(ImportMemoryTests), DisableParallelization = true)]
public sealed class AloneCollection;

[Collection(nameof(ImportMemoryTests))]
public sealed class ImportMemoryTests(ITestOutputHelper output)
{
    [Fact]
    public async Task TwoHundredThousandLinksAreReadInBoundedMemory()
    {
        await using var file = new GeneratedBookmarks(links: 200_000, iconLength: 800);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long peak = 0, count = 0;
        var rows = ImportFormat.NetscapeBookmarks.ReadAsync(file, Rows.DefaultBoard, CancellationToken.None);
        await foreach (var row in rows)
            if (row.Kind == RowKind.Pin && ++count % 20_000 == 0)
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
        count.ShouldBe(200_000);
        output.WriteLine($"{file.Length >> 20} MB read, {peak >> 10} KB held");
        peak.ShouldBeLessThan(32 << 20);
    }
}
