using Pinfold.Pinboard.Comments;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Comments;

public sealed class CommentTextTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \r\n\t ")]
    [InlineData("\u200b\u200e\u2069")]
    [InlineData("\u0000\u0007\u001b")]
    [InlineData("\u3164\u00ad")]
    public void WhatCannotBeSeenIsNoComment(string? text) =>
        Should.Throw<PinfoldException>(() => CommentText.Checked(text))
            .Message.ShouldBe("Write something first: there is nothing in this to read.");

    [Fact]
    public void ItsLengthIsMeasuredInCodePoints()
    {
        var long2000 = string.Concat(Enumerable.Repeat("🦀", 2000));
        CommentText.Checked(long2000).ShouldBe(long2000);
        var error = Should.Throw<PinfoldException>(() => CommentText.Checked(long2000 + "!"));
        (error.Kind, error.Message).ShouldBe(
            (ErrorKind.Invalid, "A comment has at most 2,000 characters; this has 2,001."));
        Should.Throw<PinfoldException>(() => CommentText.Checked(new string('x', 1 << 20)))
            .Message.ShouldBe("A comment has at most 2,000 characters; this has 1,048,576.");
        Should.Throw<PinfoldException>(() => CommentText.Checked(new string('\ud800', 2001)))
            .Message.ShouldEndWith("2,001.");
    }

    [Fact]
    public void ControlCharactersGoAndLinesStay()
    {
        CommentText.Checked(" one\0\r\ntwo\u001b[31m\r\r\r\r\rthree\u0007 ").ShouldBe("one\ntwo[31m\n\nthree");
        CommentText.Checked("\u202eabc\u202c שלום").ShouldBe("\u202eabc\u202c שלום", "marks of direction are text");
    }

    [Theory]
    [InlineData("see https://example.org/a?b=c&d#e.", "see |https://example.org/a?b=c&d#e|.")]
    [InlineData("HTTP://Example.org", "|HTTP://Example.org|")]
    [InlineData("(https://en.example/Moor_(land))", "(|https://en.example/Moor_(land)|)")]
    [InlineData("\"https://a.example/\", and <https://b.example/>",
        "\"|https://a.example/|\", and <|https://b.example/|>")]
    [InlineData("javascript:alert(1) data:text/html,x ftp://a.example //a.example www.a.example", null)]
    [InlineData("https:// https://? http://:80 https://user:pass@bank.example/", null)]
    [InlineData("https://a.example/\u0001x", "|https://a.example/|\u0001x")]
    public void OnlyAddressesOfTheWebLeadSomewhere(string text, string? parts)
    {
        var found = CommentText.PartsOf(text);
        string.Concat(found.Select(p => p.Text)).ShouldBe(text);
        string.Concat(found.Select(p => p.Href is null ? p.Text : $"|{p.Text}|")).ShouldBe(parts ?? text);
        found.Select(p => p.Href).OfType<string>().ShouldAllBe(href =>
            href.StartsWith("http://", StringComparison.Ordinal)
            || href.StartsWith("https://", StringComparison.Ordinal));
    }

    [Fact]
    public void ManyAddressesAreFoundOnceEach()
    {
        var text = string.Join(' ', Enumerable.Range(0, 80).Select(i => $"https://a.example/{i}"));
        CommentText.PartsOf(text).Count(p => p.Href is not null).ShouldBe(80);
    }
}
