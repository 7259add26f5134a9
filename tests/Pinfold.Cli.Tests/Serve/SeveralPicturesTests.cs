using System.Net;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>Several pictures in one form make as many pins, or none.</summary>
public sealed class SeveralPicturesTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    [Fact]
    public async Task TwoPicturesMakeTwoPins()
    {
        using var tilda = await Browser.SignedUpAsync(served.Address, "tilda");
        var (path, board) = await tilda.MakeBoardAsync("Two");
        var made = await SendAsync(tilda, board, ("a.png", TestPng.Solid(60, 40, 1, 2, 3)),
            ("b.png", TestPng.Solid(60, 40, 3, 2, 1)));
        made.ShouldBe(HttpStatusCode.Redirect);
        made.Location.ShouldBe(path);
        (await tilda.GetAsync(path)).ShouldBe(HttpStatusCode.OK, "2 pins made.", "2 pins");
    }

    [Fact]
    public async Task OneThatIsRefusedIsNamedBesideTheFieldAndNoneIsPinned()
    {
        using var ulla = await Browser.SignedUpAsync(served.Address, "ulla");
        var (path, board) = await ulla.MakeBoardAsync("None");
        (await SendAsync(ulla, board, ("good.png", TestPng.Solid(60, 40, 1, 2, 3)), ("bad.png", [.. "text"u8])))
            .ShouldBe(HttpStatusCode.UnprocessableEntity, "id=\"file-error\"", "bad.png: ");
        (await ulla.GetAsync(path)).ShouldBe(HttpStatusCode.OK, "This board is empty");
    }

    [Theory]
    [InlineData("title", 201)]
    [InlineData("description", 2001)]
    public async Task WhatIsTooLongIsSaidBesideItsField(string field, int length)
    {
        using var vera = await Browser.SignedUpAsync(served.Address, $"vera-{field}");
        var (_, board) = await vera.MakeBoardAsync("Long");
        var page = await vera.UploadAsync("/new", null, "", new()
        {
            ["url"] = "https://shown.example/",
            ["board"] = board,
            [field] = new string('x', length),
        });
        page.ShouldBe(HttpStatusCode.UnprocessableEntity, $"id=\"{field}-error\"");
    }

    static async Task<Answer> SendAsync(Browser browser, string board, params (string Name, byte[] Content)[] files)
    {
        using var content = new MultipartFormDataContent
        {
            { new StringContent(await browser.TokenAsync("/new")), "__RequestVerificationToken" },
            { new StringContent(board), "board" },
        };
        foreach (var (name, bytes) in files)
            content.Add(new ByteArrayContent(bytes), "file", name);
        return await browser.SendAsync(HttpMethod.Post, "/new", content);
    }
}
