using System.Net;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

public sealed partial class UploadTests(ServedPlace served) : IClassFixture<ServedPlace>
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
    public async Task APictureThatCannotBeShownIsRefusedAtOnceAndMakesNothing()
    {
        using var ben = await Browser.SignedUpAsync(served.Address, "ben");
        var whole = TestPng.Solid(300, 200, 9, 8, 7);
        byte[] corrupt = [.. whole.AsSpan(0, 45), .. new byte[whole.Length - 45]];
        await ShouldRefuseAsync(ben, corrupt, "This PNG is damaged");
        foreach (var name in (string[])["damaged/cut.jpg", "damaged/cut.png", "damaged/cut.webp"])
            await ShouldRefuseAsync(ben, await File.ReadAllBytesAsync(Samples.Find($"images/{name}")), "cut short");
        await ShouldRefuseAsync(ben, await File.ReadAllBytesAsync(Samples.Find("images/reasons/b.png")), "no picture");
        await using var opened = await served.Place.OpenAsync();
        (await Holdings.OfAsync(opened, "ben")).ShouldBe(["boards made 0", "pins 0, imported 0"]);
        ShouldHaveLeftNothing();
    }

    [Fact]
    public async Task ANewBoardWithTheNameOfOneThatIsThereIsThatOne()
    {
        using var eva = await Browser.SignedUpAsync(served.Address, "eva");
        foreach (var (name, red) in ((string, byte)[])[("Birds", 1), (" birds ", 2), ("Bees", 3)])
            (await eva.UploadAsync("/new", new ByteArrayContent(TestPng.Solid(50, 40, red, 8, 7)), "a.png", new()
            {
                ["board"] = "new",
                ["newBoard"] = name,
            })).ShouldBe(HttpStatusCode.Redirect);
        await using var opened = await served.Place.OpenAsync();
        (await opened.Store.GetAsync(await opened.UserAsync("eva"))).Body.BoardsMade.ShouldBe(2);
    }

    [Fact]
    public async Task OnlyTheBytesOfThePictureAreKept()
    {
        using var dora = await Browser.SignedUpAsync(served.Address, "dora");
        var (_, board) = await dora.MakeBoardAsync("Small");
        var picture = TestPng.Solid(300, 300, 1, 99, 7);
        var junk = new byte[40 << 20];
        new Random(1).NextBytes(junk);
        var pin = await dora.PinAsync(board, [.. picture, .. junk], "Small");
        await using var opened = await served.Place.OpenAsync();
        var kept = (await Holdings.PinsAsync(opened, "dora"))[0].Picture!;
        (kept.State, kept.Bytes).ShouldBe((Pinboard.PictureState.Ready, picture.Length));
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(picture));
        kept.Hash.ShouldBe(hash);
        new FileInfo(Path.Combine(served.Place.Data, "pictures", hash[..2], hash[2..4], $"{hash}.png")).Length
            .ShouldBe(picture.Length);
        (await dora.GetAsync($"/pin/{pin}")).ShouldBe(HttpStatusCode.OK, "/images/");
    }

    [Fact]
    public async Task APictureThatMovesDoesSoOnItsPageForThoseWhoMaySeeItAndIsMarkedOnCards()
    {
        using var eve = await Browser.SignedUpAsync(served.Address, "eve");
        using var anybody = new Browser(served.Address);
        var (_, board) = await eve.MakeBoardAsync("Films");
        var (_, secret) = await eve.MakeBoardAsync("Secret films", isSecret: true);
        var pin = await eve.PinAsync(board, TestGif.Moving(40, 30), "A film");
        var hidden = await eve.PinAsync(secret, TestGif.Moving(41, 30), "A secret film");

        var page = await anybody.GetAsync($"/pin/{pin}");
        page.ShouldBe(HttpStatusCode.OK, "prefers-reduced-motion: no-preference");
        var moving = MovingAddress().Match(page.Text).Value;
        var film = await anybody.GetAsync(moving);
        film.ShouldBe(HttpStatusCode.OK);
        film.Headers["Content-Type"].ShouldBe("image/webp");
        film.Body.AsSpan().IndexOf("ANMF"u8).ShouldBeGreaterThan(0);
        (await anybody.GetAsync("/eve")).ShouldBe(HttpStatusCode.OK, "Moves.");
        (await anybody.GetAsync("/eve")).Text.ShouldNotContain("/moving/", Case.Sensitive, "cards are still");

        var hiddenFilm = MovingAddress().Match((await eve.GetAsync($"/pin/{hidden}")).Text).Value;
        (await eve.GetAsync(hiddenFilm)).ShouldBe(HttpStatusCode.OK);
        (await anybody.GetAsync(hiddenFilm)).ShouldBe(HttpStatusCode.NotFound);
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

    [GeneratedRegex("/images/[0-9]+/moving/[0-9a-f]+.webp")]
    private static partial Regex MovingAddress();

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
