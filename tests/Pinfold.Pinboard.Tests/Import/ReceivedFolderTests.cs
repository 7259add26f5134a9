using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Web.Pages.Import;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import;

public sealed class ReceivedFolderTests : IDisposable
{
    static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4];

    readonly TempFolder _folder = new("received");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SeveralFilesAreReadAsWhatEachIs()
    {
        Write("1.html", Rows.Sample("formats/folder-description.htm"));
        Write("2.csv", Rows.Sample("formats/instapaper.csv"));
        Write("Bread.csv", Rows.Sample("formats/takeout-saved.csv"));
        Write("walk.jpg", Jpeg);
        Write("notes.txt", "words"u8.ToArray());
        var rows = await ReadAsync();
        rows.Select(r => r.Position).ShouldBe(Enumerable.Range(1, rows.Count).Select(n => (long)n));
        rows.Pins().Select(p => (p.Board, p.Title)).ShouldBe([
            ("Garden", "Peas"), ("Unread", "One"), ("Archive", "Two"), ("Recipes", "Three"), ("Bread", "Moss bakery"),
            (Rows.DefaultBoard, "Walk")]);
        rows.Remarks().Select(r => r.Title).ShouldBe(["Columns of the file", "notes.txt"]);
    }

    [Fact]
    public async Task AFolderThatWasChosenKeepsItsFoldersAsBoards()
    {
        Write("Trip/day 1/a.jpg", Jpeg);
        Write("Trip/day 2/deep/b.jpg", [.. Jpeg, 5]);
        (await ReadAsync()).Select(r => (r.Board, r.Section)).ShouldBe([("day 1", null), ("day 2", "deep")]);
        Write("Trip/c.jpg", [.. Jpeg, 6]);
        (await ReadAsync()).Select(r => (r.Board, r.Section)).ShouldBe([
            ("Trip", null), ("Trip", "day 1"), ("Trip", "day 2 / deep")]);
    }

    [Fact]
    public async Task NamesOfBothFormsInAFolderAreOneBoard()
    {
        Write("Caf\u00E9/a.jpg", Jpeg);
        Write("Cafe\u0301/b.jpg", [.. Jpeg, 5]);
        Write("x.jpg", [.. Jpeg, 6]);
        (await ReadAsync()).Select(r => r.Board).ShouldBe(["Caf\u00E9", "Caf\u00E9", Rows.DefaultBoard]);
    }

    [Theory]
    [InlineData("a.jpg", "a.jpg")]
    [InlineData("Trip/day 1/a.jpg", "Trip/day 1/a.jpg")]
    [InlineData("C:\\Users\\me\\a.jpg", "C/Users/me/a.jpg")]
    [InlineData("../../etc/passwd", "etc/passwd")]
    [InlineData("/abs/..//./.hidden.jpg", "abs/hidden.jpg")]
    [InlineData("a\u0000b\n?.jpg", "ab.jpg")]
    [InlineData("...", "file")]
    [InlineData("", "file")]
    public void WhatSomebodyElseNamedStaysInItsFolder(string name, string kept) =>
        ReceivedName.PathIn(_folder["in"], name).ShouldBe(Path.Combine(_folder["in"], kept));

    [Fact]
    public void NamesThatAreLongOrTakenAreChanged()
    {
        Write("a.jpg", Jpeg);
        ReceivedName.PathIn(_folder["in"], "a.jpg").ShouldEndWith("a (2).jpg");
        var name = Path.GetFileName(ReceivedName.PathIn(_folder["in"], new string('語', 300) + ".jpg"));
        name.ShouldEndWith(".jpg");
        System.Text.Encoding.UTF8.GetByteCount(name).ShouldBeLessThan(256);
    }

    void Write(string path, byte[] bytes)
    {
        var full = Path.Combine(_folder["in"], path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
    }

    Task<List<ImportRow>> ReadAsync() => Rows.ListAsync(
        ReceivedFolder.ReadAsync(_folder["in"], Rows.DefaultBoard, CancellationToken.None));
}
