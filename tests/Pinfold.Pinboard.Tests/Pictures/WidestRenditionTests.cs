using NetVips;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Tests.Images;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Pictures;

/// <summary>Pictures that were made before there was the widest rendition get it when somebody looks.</summary>
public sealed class WidestRenditionTests
{
    [Fact]
    public async Task WhatIsMissingIsMadeOnceItIsAskedForAndIsAsANewOneHasIt()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var (files, widest) = (pinboard.Get<ImageFiles>(), pinboard.Get<WidestRenditions>());
        using var photo = Sample.Photograph();
        using var wide = photo.Resize(1500.0 / photo.Width);
        var picture = await ReceiveAsync(pinboard, mira, wide);
        var hash = ContentHash.Parse(picture.Hash!);
        var path = files.FindRendition(hash, RenditionWidths.Widest)!.Path;
        var made = await File.ReadAllBytesAsync(path);
        widest.IsMissing(mira.Id, picture, hash).ShouldBeFalse();

        File.Delete(path);
        Path.GetFileName(files.FindRendition(hash, RenditionWidths.Widest)!.Path).ShouldEndWith("-736.webp");
        await widest.StartAsync(default);
        widest.IsMissing(mira.Id, picture, hash).ShouldBeTrue();
        while (widest.IsMissing(mira.Id, picture, hash))
            await Task.Yield();
        await widest.StopAsync(default);
        using var again = Image.NewFromBuffer(await File.ReadAllBytesAsync(path));
        using var first = Image.NewFromBuffer(made);
        (again.Width, again.Height).ShouldBe((first.Width, first.Height));
        again.Width.ShouldBe(RenditionWidths.Widest);
    }

    [Fact]
    public async Task ANarrowPictureHasNoneAndNoneIsMadeBesideAnOriginalThatIsGone()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var files = pinboard.Get<ImageFiles>();
        using var photo = Sample.Photograph();
        var narrow = await ReceiveAsync(pinboard, mira, photo);
        pinboard.Get<WidestRenditions>().IsMissing(mira.Id, narrow, ContentHash.Parse(narrow.Hash!)).ShouldBeFalse();

        var hash = ContentHash.Parse(narrow.Hash!);
        files.Delete(hash);
        await files.AddAsync(hash, new Rendition(RenditionWidths.Widest, 1, 1, [1]), default);
        files.FindRendition(hash, RenditionWidths.Widest).ShouldBeNull();
    }

    static async Task<PinPicture> ReceiveAsync(TestPinboard pinboard, TestUser person, Image image) =>
        await pinboard.Get<PictureMaker>().ReceiveAsync(
            person.Id, new MemoryStream(image.JpegsaveBuffer(q: 80)), default);
}
