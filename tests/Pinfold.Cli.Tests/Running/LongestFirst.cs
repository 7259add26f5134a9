using Pinfold.Cli.Tests.Running;
using Pinfold.Cli.Tests.Web;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Pinfold.Cli.Tests.Running;

/// <summary>
/// What takes longest begins first, so that nothing is left to run alone at the end: the pages, which share one site
/// and take turns, then the imports.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections)
        where T : ITestCollection =>
        [.. testCollections.OrderBy(Rank)];

    static int Rank<T>(T collection) where T : ITestCollection =>
        collection.TestCollectionDisplayName.Contains(".Import.", StringComparison.Ordinal) ? 1
        : collection.TestCollectionDisplayName == SiteCollection.Name ? 0
        : 2;
}
