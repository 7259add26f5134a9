using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Ids;

/// <summary>What may be asked again as it is.</summary>
public sealed class TransientTests
{
    [Fact]
    public void OnlyWhatDidNotHappenForNowMayBeTriedAgainAsItIs() =>
        Enum.GetValues<ErrorKind>().Where(kind => new PinfoldException(kind, "").IsTransient).ShouldBe(
            [ErrorKind.Fenced, ErrorKind.Unavailable, ErrorKind.DeadlineExceeded]);
}
