using Pinfold.Sharding.Tests.Faults;
using Xunit.MicrosoftTestingPlatform;

namespace Pinfold.Sharding.Tests;

/// <summary>Runs the tests; or, as one of them asks for, writes until it is killed.</summary>
static class Program
{
    static Task<int> Main(string[] args) => args is [KilledWriter.Verb, var folder]
        ? KilledWriter.RunAsync(folder)
        : TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
