using NetVips;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Images;

public sealed class MovingImageTests : IDisposable
{
    readonly ImageFolder _folder = new();

    [Theory]
    [InlineData("moving.gif")]
    [InlineData("moving.webp")]
    public async Task AnImageThatMovesIsMadeStillAndMoving(string name)
    {
        var made = await RenderAsync(Sample.Named(name).Read());
        made.Motion.ShouldBe(PictureMotion.Moves);
        ImageHeader.Read(new MemoryStream(made.Renditions[^1].WebP), ImageLimits.Default).IsAnimated.ShouldBeFalse();
        var header = ImageHeader.Read(new MemoryStream(made.MovingWebP!), ImageLimits.Default);
        header.ShouldBe(new ImageHeader(ImageFormat.WebP, 297, 403, IsAnimated: true));
        using var film = Image.NewFromBuffer(made.MovingWebP!, kwargs: new VOption { { "n", -1 } });
        film.Height.ShouldBe(3 * 403);
        film.GetFields().Where(f => f.StartsWith("exif", StringComparison.Ordinal) || f is "xmp-data"
            or "icc-profile-data").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("still.gif")]
    [InlineData("alpha.webp")]
    [InlineData("plain.png")]
    public async Task AStillImageDoesNotMove(string name)
    {
        var made = await RenderAsync(Sample.Named(name).Read());
        (made.Motion, made.MovingWebP).ShouldBe((PictureMotion.None, null));
    }

    [Fact]
    public async Task AWideOneIsMadeAsSmallAsTheLargestRendition()
    {
        using var photo = Sample.Photograph();
        using var wide = photo.Resize(3);
        using var film = Image.Arrayjoin([wide, wide.Invert()], across: 1);
        using var frames = film.Mutate(image => image.Set(GValue.GIntType, "page-height", wide.Height));
        var made = await RenderAsync(frames.WebpsaveBuffer(q: 50, effort: 0));
        var header = ImageHeader.Read(new MemoryStream(made.MovingWebP!), ImageLimits.Default);
        header.Width.ShouldBe(736);
    }

    [Fact]
    public async Task WhatIsTooMuchStaysStill()
    {
        var made = await RenderAsync(TestImages.MovingWebP(3000, 3000, 5));
        (made.Motion, made.MovingWebP, made.Width).ShouldBe((PictureMotion.TooMuch, null, 3000));
    }

    [Fact]
    public async Task ItIsKeptFoundAndDeletedWithTheRest()
    {
        var files = new ImageFiles(_folder["store"], ImageLimits.Default);
        using (var incoming = await files.TakeInAsync(new MemoryStream(Sample.Named("moving.gif").Read()), default))
        {
            await files.KeepAsync(
                incoming, await new ImageRenderer(ImageLimits.Default).RenderAsync(incoming.Path, default), default);
            files.FindMoving(incoming.Image.Hash)!.ContentType.ShouldBe("image/webp");
            files.Delete(incoming.Image.Hash);
        }
        _folder.Files.ShouldBeEmpty();
    }

    public void Dispose() => _folder.Dispose();

    Task<RenderedImage> RenderAsync(byte[] image) =>
        new ImageRenderer(ImageLimits.Default).RenderAsync(_folder.Write("image", image), default);
}
