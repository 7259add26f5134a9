using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using NetVips;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>The picture in full for whoever sees its pin, and the untouched file for its owner alone.</summary>
public sealed partial class OriginalTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    [Fact]
    public async Task OthersGetTheWholePictureWithoutItsPlaceAndTheOwnerGetsTheFile()
    {
        using var olga = await Browser.SignedUpAsync(served.Address, "olga");
        using var other = await Browser.SignedUpAsync(served.Address, "other");
        using var anybody = new Browser(served.Address);
        var (_, board) = await olga.MakeBoardAsync("Walks");
        var photo = PhotoWithAPlace();
        var pin = await olga.PinAsync(board, photo, "Below the Weir");

        var page = (await olga.GetAsync($"/pin/{pin}")).Text;
        var original = OriginalLink().Match(page).Groups[1].Value;
        var full = FullLink().Match(page).Groups[1].Value;
        var file = (await olga.GetAsync(original)).ShouldBe(HttpStatusCode.OK);
        file.Body.ShouldBe(photo);
        file.Headers["Content-Disposition"].ShouldContain("below-the-weir.jpg");
        file.Headers["Cache-Control"].ShouldBe("no-store");

        foreach (var browser in (Browser[])[other, anybody])
        {
            var theirs = (await browser.GetAsync($"/pin/{pin}")).Text;
            OriginalLink().IsMatch(theirs).ShouldBeFalse();
            (await browser.GetAsync(original)).ShouldBe(HttpStatusCode.NotFound);
            var seen = (await browser.GetAsync(full)).ShouldBe(HttpStatusCode.OK);
            seen.Headers["Content-Type"].ShouldBe("image/jpeg");
            using var image = Image.NewFromBuffer(seen.Body);
            (image.Width, image.Height).ShouldBe((640, 480));
            image.Contains("exif-ifd3-GPSLatitude").ShouldBeFalse();
            seen.Body.AsSpan().IndexOf("Pinhole"u8).ShouldBe(-1);
        }
    }

    [Fact]
    public async Task OfASecretPinNobodyElseGetsEither()
    {
        using var siv = await Browser.SignedUpAsync(served.Address, "siv");
        using var anybody = new Browser(served.Address);
        var (_, board) = await siv.MakeBoardAsync("Hidden", isSecret: true);
        var picture = TestPng.Solid(900, 600, 1, 2, 3);
        var pin = await siv.PinAsync(board, picture, "Hidden");
        var hash = Convert.ToHexStringLower(SHA256.HashData(picture))[..12];
        foreach (var which in (string[])["full", "original", "1200"])
        {
            (await siv.GetAsync($"/images/{pin}/{which}/{hash}")).ShouldBe(HttpStatusCode.OK);
            (await anybody.GetAsync($"/images/{pin}/{which}/{hash}")).ShouldBe(HttpStatusCode.NotFound);
        }
    }

    static byte[] PhotoWithAPlace()
    {
        using var black = Image.Black(640, 480, 3);
        using var photo = black.Copy(interpretation: Enums.Interpretation.Srgb);
        using var located = photo.Mutate(image =>
        {
            image.Set(GValue.GStrType, "exif-ifd0-Make", "Pinhole");
            image.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "43/1 28/1 2814/100");
        });
        return located.JpegsaveBuffer(keep: Enums.ForeignKeep.All);
    }

    [GeneratedRegex("href=\"(/images/[^\"]+/original/[^\"]+)\"")]
    private static partial Regex OriginalLink();

    [GeneratedRegex("href=\"(/images/[^\"]+/full/[^\"]+)\"")]
    private static partial Regex FullLink();
}
