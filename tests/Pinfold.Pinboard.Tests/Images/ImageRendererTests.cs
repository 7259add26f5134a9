using NetVips;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Sharding;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Images;

public sealed class ImageRendererTests : IDisposable
{
    readonly ImageFolder _folder = new();
    readonly ImageRenderer _renderer = new(ImageLimits.Default);

    [Fact]
    public async Task EveryImageIsRenderedInEachWidthNeverEnlargedAndWithoutMetadata()
    {
        // Those made here have every form, and are small; of the photographs a sample will do.
        foreach (var sample in Soak.Sample(Sample.All, Sample.Made.Count + 30, Sample.Made.Contains))
        {
            var image = await RenderAsync(sample);
            new[] { image.Width, image.Height }.Order()
                .ShouldBe(new[] { sample.Width, sample.Height }.Order(), sample.Name);
            image.DominantColour.ShouldMatch("^#[0-9a-f]{6}$", sample.Name);
            image.Renditions.Select(r => r.NominalWidth).ShouldBe(RenditionWidths.For(image.Width), sample.Name);
            foreach (var rendition in image.Renditions)
                Check(rendition, image, sample.Name);
        }
    }

    [Fact]
    public void TheSamplesWithAPositionReallyHaveOne()
    {
        using var image = Image.NewFromBuffer(Sample.Named("gps.jpg").Read());
        image.Contains("exif-ifd3-GPSLatitude").ShouldBeTrue();
    }

    [Theory]
    [InlineData("oriented-{0}.jpg", 1)]
    [InlineData("exif-orientation/Landscape_{0}.jpg", 0)]
    [InlineData("exif-orientation/Portrait_{0}.jpg", 0)]
    public async Task TheEightOrientationsOfOnePhotographLookTheSame(string names, int first)
    {
        var samples = Enumerable.Range(first, 9 - first)
            .Select(orientation => string.Format(null, names, orientation))
            .SelectMany(name => Sample.All.Where(sample => sample.Name == name)).ToArray();
        var images = new List<RenderedImage>();
        foreach (var sample in samples)
            images.Add(await RenderAsync(sample));
        foreach (var image in images)
        {
            (image.Width, image.Height).ShouldBe((images[0].Width, images[0].Height));
            PerceptualHash.Distance(image.PerceptualHash, images[0].PerceptualHash).ShouldBeLessThanOrEqualTo(6);
        }
    }

    [Fact]
    public async Task TheSamePictureInAnotherFormatOrSizeIsNearAndAnotherPictureIsFar()
    {
        using var photo = Sample.Photograph();
        using var small = photo.Resize(0.4);
        var original = await RenderAsync(Sample.Named("sunflowers.webp"));
        var shrunk = await RenderAsync(small.JpegsaveBuffer(q: 60));
        var deep = await RenderAsync(Sample.Named("deep.png"));
        var other = await RenderAsync(Sample.Named("concert.jpg"));
        PerceptualHash.Distance(original.PerceptualHash, shrunk.PerceptualHash).ShouldBeLessThanOrEqualTo(6);
        PerceptualHash.Distance(original.PerceptualHash, deep.PerceptualHash).ShouldBeLessThanOrEqualTo(2);
        PerceptualHash.Distance(original.PerceptualHash, other.PerceptualHash).ShouldBeGreaterThan(15);
    }

    [Fact]
    public async Task ColoursSurviveCmyk()
    {
        using var photo = Sample.Photograph();
        var image = await RenderAsync(Sample.Named("cmyk.jpg"));
        using var rendered = Image.NewFromBuffer(image.Renditions[^1].WebP);
        rendered.Bands.ShouldBe(3);
        for (var band = 0; band < 3; band++)
            rendered[band].Avg().ShouldBe(photo[band].Avg(), 20.0);
    }

    [Fact]
    public async Task TheDominantColourIsTheMostFrequentOne()
    {
        using var red = Flat(150, 200, 30, 40);
        using var blue = Flat(86, 10, 20, 240);
        using var both = blue.Join(red, Enums.Direction.Horizontal);
        (await RenderAsync(both.PngsaveBuffer())).DominantColour.ShouldMatch("^#c[78]1e28$");
    }

    [Fact]
    public async Task TransparencyIsKept()
    {
        var image = await RenderAsync(Sample.Named("alpha.png"));
        using var rendered = Image.NewFromBuffer(image.Renditions[0].WebP);
        rendered.HasAlpha().ShouldBeTrue();
    }

    [Theory]
    [InlineData(20_000, 20)]
    [InlineData(20, 20_000)]
    [InlineData(1, 1)]
    public async Task ExtremeShapesAreRendered(int width, int height)
    {
        using var flat = Image.Black(width, height, bands: 3).Copy(interpretation: Enums.Interpretation.Srgb);
        var image = await RenderAsync(flat.PngsaveBuffer());
        (image.Width, image.Height).ShouldBe((width, height));
        image.Renditions.ShouldAllBe(r => r.Width >= 1 && r.Height >= 1 && r.Height <= 16_383);
    }

    [Fact]
    public async Task ABombIsRefusedBeforeItIsDecoded() =>
        (await Should.ThrowAsync<PinfoldException>(() => RenderAsync(ImageHeaderTests.PngOf(30_000, 30_000))))
            .Kind.ShouldBe(ErrorKind.LimitExceeded);

    [Fact]
    public async Task AGifWhoseFrameIsLargerThanItsScreenObeysTheLimitsAllTheSame()
    {
        var gif = Sample.Named("still.gif").Read();
        gif.AsSpan(6, 4).Fill(0);
        gif[6] = gif[8] = 8;
        var renderer = new ImageRenderer(new ImageLimits { PixelsMax = 10_000 });
        var path = _folder.Write("sly.gif", gif);
        try
        {
            var image = await renderer.RenderAsync(path, TestContext.Current.CancellationToken);
            (image.Width * image.Height).ShouldBeLessThanOrEqualTo(10_000);
        }
        catch (PinfoldException refusal)
        {
            refusal.Kind.ShouldBe(ErrorKind.LimitExceeded);
        }
    }

    [Theory]
    [InlineData("baseline.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("plain.png")]
    [InlineData("lossless.webp")]
    [InlineData("still.gif")]
    public async Task AnImageThatIsCutShortIsRefusedWithAReason(string name)
    {
        var bytes = Sample.Named(name).Read();
        var refusal = await Should.ThrowAsync<PinfoldException>(() => RenderAsync(bytes[..(bytes.Length * 2 / 3)]));
        refusal.Kind.ShouldBe(ErrorKind.Invalid);
        refusal.Message.ShouldMatch("^This (image is cut short|(JPEG|WebP) is cut short): .+");
        refusal.Message.ShouldNotContain(_folder.Path);
        TestContext.Current.TestOutputHelper!.WriteLine(refusal.Message);
    }

    [Theory]
    [InlineData("baseline.jpg")]
    [InlineData("plain.png")]
    [InlineData("lossless.webp")]
    public async Task AnImageHasOnlySoMuchTime(string name)
    {
        var hasty = new ImageRenderer(new ImageLimits { RenderTimeMax = TimeSpan.Zero });
        var path = _folder.Write("slow", Sample.Named(name).Read());
        (await Should.ThrowAsync<PinfoldException>(() => hasty.RenderAsync(path, default)))
            .Kind.ShouldBe(ErrorKind.LimitExceeded);
    }

    [Fact]
    public async Task AColourProfileThatIsNoneIsNoReasonToRefuse()
    {
        using var photo = Sample.Photograph();
        using var profiled = photo.Mutate(image => image.Set(GValue.BlobType, "icc-profile-data", new byte[5000]));
        (await RenderAsync(profiled.JpegsaveBuffer(keep: Enums.ForeignKeep.All))).Width.ShouldBe(297);
    }

    [Fact]
    public async Task AReasonIsOfItsOwnImageAndNotOfEarlierOnes()
    {
        // libvips warns of this one, says so in its collected messages, and shows it.
        var warned = Sample.Named("baseline.jpg").Read()[..3000];
        using (var grey = Image.NewFromBuffer(warned, failOn: Enums.FailOn.None))
            grey.Avg();
        var png = Sample.Named("plain.png").Read();
        png.AsSpan(png.Length / 2, 40).Clear();
        var refusal = await Should.ThrowAsync<PinfoldException>(() => RenderAsync(png));
        refusal.Message.ShouldStartWith("This PNG is damaged and cannot be shown: ");
        refusal.Message.ShouldNotContain("Jpeg");
    }

    [Fact]
    public void NoOtherDecoderAnswers()
    {
        using var photo = Sample.Photograph();
        photo.WriteToFile(_folder["photo.v"]);
        _folder.Write("photo.tif", photo.TiffsaveBuffer());
        _folder.Write("drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"u8.ToArray());
        foreach (var (decoder, name) in (ReadOnlySpan<(string, string)>)
            [("svgload", "drawing.svg"), ("tiffload", "photo.tif"), ("vipsload", "photo.v")])
        {
            NetVips.NetVips.TypeFind("VipsOperation", decoder).ShouldNotBe(0, $"no {decoder}: this proves nothing");
            Should.Throw<VipsException>(() => Operation.Call(decoder, _folder[name]), decoder);
            Should.Throw<VipsException>(() => Image.NewFromFile(_folder[name]), decoder)
                .Message.ShouldContain("not a known file format");
        }
    }

    [Fact]
    public async Task ACancelledRenderingEndsAndTheNextOneRuns()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var path = _folder.Write("photo", Sample.Named("baseline.jpg").Read());
        await Should.ThrowAsync<OperationCanceledException>(() => _renderer.RenderAsync(path, cancelled.Token));
        (await _renderer.RenderAsync(path, TestContext.Current.CancellationToken)).Width.ShouldBe(297);
    }

    public void Dispose() => _folder.Dispose();

    static void Check(Rendition rendition, RenderedImage image, string name)
    {
        var header = ImageHeader.Read(new MemoryStream(rendition.WebP), ImageLimits.Default);
        header.ShouldBe(new ImageHeader(ImageFormat.WebP, rendition.Width, rendition.Height, false), name);
        rendition.Width.ShouldBe(Math.Min(rendition.NominalWidth, image.Width), name);
        ((double)rendition.Height).ShouldBe((double)image.Height * rendition.Width / image.Width, 1.0, name);
        using var webp = Image.NewFromBuffer(rendition.WebP);
        webp.Interpretation.ShouldBe(Enums.Interpretation.Srgb, name);
        webp.GetFields().Where(field => field.StartsWith("exif", StringComparison.Ordinal)
            || field is "xmp-data" or "icc-profile-data" or "iptc-data" or "orientation").ShouldBeEmpty(name);
    }

    static Image Flat(int width, params double[] rgb)
    {
        using var black = Image.Black(width, 200);
        using var colour = black.NewFromImage(rgb).Cast(Enums.BandFormat.Uchar);
        return colour.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    Task<RenderedImage> RenderAsync(Sample sample) => RenderAsync(sample.Read());

    Task<RenderedImage> RenderAsync(byte[] image) =>
        _renderer.RenderAsync(_folder.Write("image", image), TestContext.Current.CancellationToken);
}
