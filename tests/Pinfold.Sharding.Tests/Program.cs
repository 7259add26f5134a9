using System.Globalization;
using Pinfold.Sharding.Tests.Faults;
using Pinfold.Sharding.Tests.Provisioning;
using Xunit.MicrosoftTestingPlatform;

namespace Pinfold.Sharding.Tests;

/// <summary>Runs the tests; or, as one of them asks for, does something until it is killed.</summary>
static class Program
{
    static Task<int> Main(string[] args) => args switch
    {
        [KilledWriter.Verb, var folder] => KilledWriter.RunAsync(folder),
        [KilledStart.Verb, var installation, var step] =>
            KilledStart.RunAsync(installation, int.Parse(step, CultureInfo.InvariantCulture)),
        _ => TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    };
}
