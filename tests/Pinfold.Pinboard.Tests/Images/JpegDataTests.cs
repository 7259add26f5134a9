using NetVips;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Pinboard.Images.Jpegs;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Images;

public sealed class JpegDataTests
{
    [Fact]
    public void TheDataOfEveryRealJpegIsFollowedToItsEnd()
    {
        foreach (var sample in Sample.All.Where(s => s.Format == ImageFormat.Jpeg))
            Should.NotThrow(() => Check(sample.Read()), sample.Name);
    }

    [Theory]
    [InlineData(Enums.ForeignSubsample.On, 0)]
    [InlineData(Enums.ForeignSubsample.Off, 0)]
    [InlineData(Enums.ForeignSubsample.On, 3)]
    [InlineData(Enums.ForeignSubsample.Off, 1)]
    public void SoIsThatOfEverySizeSamplingAndRestartInterval(Enums.ForeignSubsample sampling, int restarts)
    {
        using var photo = Sample.Photograph();
        foreach (var (width, height) in (ReadOnlySpan<(int, int)>)[(1, 1), (7, 9), (16, 16), (17, 33), (250, 3)])
            foreach (var isProgressive in (bool[])[false, true])
            {
                using var part = photo.Crop(20, 20, width, height);
                var jpeg = part.JpegsaveBuffer(
                    q: 80, interlace: isProgressive, subsampleMode: sampling, restartInterval: restarts);
                Should.NotThrow(() => Check(jpeg), $"{width} x {height}, progressive: {isProgressive}");
            }
    }

    [Fact]
    public void AFrameOfAFilmThatNamesNoTablesHasTheCommonOnes()
    {
        using var photo = Sample.Photograph();
        var jpeg = photo.JpegsaveBuffer(q: 75, optimizeCoding: false);
        var starts = TestImages.SegmentStarts(jpeg);
        var kept = starts.Zip(starts.Skip(1)).Where(s => jpeg[s.First + 1] != 0xC4)
            .SelectMany(s => jpeg[s.First..s.Second]);
        byte[] without = [.. jpeg[..2], .. kept, .. jpeg[starts[^1]..]];
        without.Length.ShouldBeLessThan(jpeg.Length - 400, "the tables are left out");
        Should.NotThrow(() => Check(without));
        Should.Throw<PinfoldException>(() => Check([.. without[..(without.Length / 2)], .. TestImages.JpegEnd]));
    }

    [Fact]
    public void AScanOfOneColourAloneIsNoPicture()
    {
        var jpeg = Sample.Named("baseline.jpg").Read();
        var scan = TestImages.SegmentStarts(jpeg)[^1];
        jpeg[scan + 4].ShouldBe((byte)3);
        byte[] alone = [.. jpeg[..scan], .. TestImages.Segment(0xDA, [1, jpeg[scan + 5], jpeg[scan + 6], 0, 63, 0]),
            .. new byte[200_000], .. TestImages.JpegEnd];
        Should.Throw<PinfoldException>(() => Check(alone)).Message.ShouldContain("colours");
    }

    [Fact]
    public void ARestartThatIsMissingIsMissingData()
    {
        using var photo = Sample.Photograph();
        var jpeg = photo.JpegsaveBuffer(q: 80, restartInterval: 20);
        var restart = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xD3]);
        byte[] torn = [.. jpeg[..(restart - 40)], .. jpeg[(restart + 2)..]];
        Should.Throw<PinfoldException>(() => Check(torn)).Kind.ShouldBe(ErrorKind.Invalid);
    }

    [Theory]
    [InlineData(0xC9, "arithmetic coding")]
    [InlineData(0xC3, "lossless")]
    public void KindsThatBrowsersDoNotShowAreRefusedByName(int frame, string kind)
    {
        var jpeg = Sample.Named("baseline.jpg").Read();
        jpeg[TestImages.SegmentStarts(jpeg).First(at => jpeg[at + 1] == 0xC0) + 1] = (byte)frame;
        Should.Throw<PinfoldException>(() => ImageHeader.Read(new MemoryStream(jpeg), ImageLimits.Default))
            .Message.ShouldContain(kind);
    }

    static void Check(byte[] jpeg) => JpegData.Check(new MemoryStream(jpeg), default);
}
