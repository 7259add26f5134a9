using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import.HeadedLists;

public sealed class HeadedListTests
{
    [Fact]
    public async Task InstapapersHeadingsAreBoards()
    {
        var (key, rows) = await Rows.DetectSampleAsync("instapaper.html");
        key.ShouldBe("instapaper-html");
        rows.Select(r => (r.Board, r.Title, r.Url)).ShouldBe([
            ("Unread", "An essay on moss", "https://long.example/essay"), ("Archive", "Second", "https://long.example/two")]);
    }

    [Fact]
    public async Task WhatStandsInATitleIsTextAndAFileThatIsCutOffSaysSo()
    {
        const string Page = "<html><title>Pocket Export</title><body><h1>Unread</h1><ul>"
            + "<li><a href=\"https://a.example/1\" time_added=\"1\">How <script> and <!-- and <a> work</a></li>"
            + "<li><a href=\"https://a.example/2\" time_added=\"2\">Two</li>\n<li><a href=\"https://a.example/3\">Thr";
        var (_, rows) = await Rows.DetectTextAsync(Page);
        rows.Pins().Select(p => p.Title).ShouldBe(["How <script> and <!-- and <a> work", "Two"]);
        rows.Remarks().ShouldHaveSingleItem().Problem!.ShouldContain("cut off");
    }
}
