using Pinfold.Sharding.Tests.Style;
using PublicApiGenerator;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Api;

/// <summary>What an application may call changes only on purpose.</summary>
public sealed class PublicApiTests
{
    const string Approved = "tests/Pinfold.Sharding.Tests/Api/Pinfold.Sharding.approved.txt";
    const string Received = "artifacts/Pinfold.Sharding.received.txt";

    static readonly ApiGeneratorOptions Options = new()
    {
        IncludeAssemblyAttributes = false,
        // The number of a compiler's class is nobody's business; AddPinfoldSharding is in a namespace of Microsoft's.
        ExcludeAttributes = ["System.Runtime.CompilerServices.AsyncIteratorStateMachineAttribute"],
        DenyNamespacePrefixes = [],
    };

    [Fact]
    public async Task ThePublicApiIsTheOneThatWasApproved()
    {
        var root = Repository.Current.Root;
        var api = typeof(ShardId).Assembly.GeneratePublicApi(Options).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var approved = Path.Combine(root, Approved);
        if (File.Exists(approved) && await File.ReadAllTextAsync(approved) == api)
            return;
        Directory.CreateDirectory(Path.Combine(root, "artifacts"));
        await File.WriteAllTextAsync(Path.Combine(root, Received), api);

        Assert.Fail($"""
            The public API is not the one that was approved. See what has changed, and if it is meant, accept it:
                git diff --no-index {Approved} {Received}
                cp {Received} {Approved}
            """);
    }
}
