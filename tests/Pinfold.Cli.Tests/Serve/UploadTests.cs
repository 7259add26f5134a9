using System.Net;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

public sealed class UploadTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    const long HugeBytes = 500L << 20;

    [Fact]
    public async Task WhatIsNoPictureIsRefusedByNameAndMakesNothing()
    {
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        var whole = TestPng.Solid(50, 40, 9, 8, 7);
        byte[] heif = [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8, .. new byte[100]];
        await ShouldRefuseAsync(ann, [.. "this is text"u8], "JPEG");
        await ShouldRefuseAsync(ann, [.. whole.AsSpan(0, 20)], "PNG");
        await ShouldRefuseAsync(ann, TestPng.Bomb(), "pixels");
        await ShouldRefuseAsync(ann, heif, "HEIF");
        (await ann.UploadAsync("/new", new ByteArrayContent([]), "a.png", new()
        {
            ["board"] = "new",
            ["newBoard"] =
            "B"
        }))
            .ShouldBe(HttpStatusCode.UnprocessableEntity, "Choose a picture");
        await using var opened = await served.Place.OpenAsync();
        (await Holdings.OfAsync(opened, "ann")).ShouldBe(["boards made 0", "pins 0, imported 0"]);
        ShouldHaveLeftNothing();
    }

    [Fact]
    public async Task ACorruptPictureLeavesItsPinFailedWithTheReason()
    {
        using var ben = await Browser.SignedUpAsync(served.Address, "ben");
        var (_, board) = await ben.MakeBoardAsync("Broken");
        var whole = TestPng.Solid(300, 200, 9, 8, 7);
        byte[] corrupt = [.. whole.AsSpan(0, 45), .. new byte[whole.Length - 45]];
        var pin = await ben.PinAsync(board, corrupt, "Broken");
        await using var opened = await served.Place.OpenAsync();
        await ben.WaitForAsync($"/pin/{pin}", page => page.Contains("role=\"alert\"", StringComparison.Ordinal)
            || WebUtility.HtmlDecode(page).Contains("damaged", StringComparison.OrdinalIgnoreCase));
        (await Holdings.PinsAsync(opened, "ben"))[0].Picture!.State.ShouldBe(Pinboard.PictureState.Failed);
    }

    [Fact]
    public async Task AnUploadOfHalfAGigabyteIsRefusedAndLeavesNothing()
    {
        using var cleo = await Browser.SignedUpAsync(served.Address, "cleo");
        Dictionary<string, string> fields = new() { ["board"] = "new", ["newBoard"] = "Huge" };
        (await cleo.UploadAsync("/new", new Zeros(HugeBytes, isSaid: true), "huge.png", fields))
            .ShouldBe(HttpStatusCode.RequestEntityTooLarge, "MB");
        try
        {
            (await cleo.UploadAsync("/new", new Zeros(HugeBytes, isSaid: false), "huge.png", fields))
                .ShouldBe(HttpStatusCode.RequestEntityTooLarge, "MB");
        }
        catch (HttpRequestException)
        {
            // The service stopped reading, and closed before its answer was read: a client sees one or the other.
        }
        // Small enough for the request, too large for a picture.
        (await cleo.UploadAsync("/new", new Zeros((50L << 20) + 1000, isSaid: true), "large.png", fields))
            .Status.ShouldBeOneOf(HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.UnprocessableEntity);
        (await cleo.GetAsync("/cleo")).ShouldBe(HttpStatusCode.OK);
        await using var opened = await served.Place.OpenAsync();
        (await Holdings.OfAsync(opened, "cleo")).ShouldBe(["boards made 0", "pins 0, imported 0"]);
        ShouldHaveLeftNothing();
    }

    static async Task ShouldRefuseAsync(Browser browser, byte[] file, string word) =>
        (await browser.UploadAsync("/new", new ByteArrayContent(file), "a.png", new()
        {
            ["board"] = "new",
            ["newBoard"] = "B"
        }))
            .ShouldBe(HttpStatusCode.UnprocessableEntity, word);

    void ShouldHaveLeftNothing()
    {
        Directory.GetFiles(Path.Combine(served.Place.Data, "pictures", "incoming")).ShouldBeEmpty();
        Directory.GetFiles(served.TemporaryFolder).ShouldBeEmpty();
    }

    /// <summary>Zeros, made while they are sent; the length is told in advance or not.</summary>
    sealed class Zeros(long length, bool isSaid) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var piece = new byte[1 << 20];
            for (var left = length; left > 0; left -= piece.Length)
                await stream.WriteAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)));
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return isSaid;
        }
    }
}
