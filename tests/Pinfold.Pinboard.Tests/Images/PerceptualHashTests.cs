using CsCheck;
using Pinfold.Pinboard.Images;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Images;

public sealed class PerceptualHashTests
{
    [Fact]
    public void TheDistanceIsAMetricOverBits() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong).Sample((a, b, c) =>
        {
            PerceptualHash.Distance(a, a).ShouldBe(0);
            PerceptualHash.Distance(a, ~a).ShouldBe(64);
            PerceptualHash.Distance(a, b).ShouldBe(PerceptualHash.Distance(b, a));
            PerceptualHash.Distance(a, c)
                .ShouldBeLessThanOrEqualTo(PerceptualHash.Distance(a, b) + PerceptualHash.Distance(b, c));
        });

    [Fact]
    public void TheHighestBitIsTheFirstPairAndFlatIsZero()
    {
        var grey = new byte[72];
        PerceptualHash.Of(grey).ShouldBe(0UL);
        grey.AsSpan(1).Fill(9);
        PerceptualHash.Of(grey).ShouldBe(1UL << 63);
    }
}
