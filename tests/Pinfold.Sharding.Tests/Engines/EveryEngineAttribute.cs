using System.Reflection;
using Pinfold.Testing.Servers;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>Runs a theory on SQLite, on MariaDB, and on MySQL where it can be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class EveryEngineAttribute : DataAttribute
{
    /// <summary>Only on the engines that are servers.</summary>
    public bool IsServer { get; init; }

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. (IsServer ? TestServers.Engines : TestServers.Engines.Prepend(TestShards.Sqlite))
            .Select(e => new TheoryDataRow<string>(e))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
