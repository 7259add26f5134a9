using System.Net;
using System.Text;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>Of what is handed in no more is stored than is of use to anybody.</summary>
public sealed class ImportUploadTests(SignedInPlace served) : IClassFixture<SignedInPlace>
{
    const string Bookmarks = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n<DT><A HREF=\"https://a.example/\">A</A>\n</DL>";
    const string End = "--cut--\r\n";
    const int Head = 64 << 10;

    static readonly byte[] ZipStart = [.. "PK\x03\x04"u8, .. new byte[Head]];

    [Fact]
    public async Task OfAFileThatNobodyReadsOnlyItsBeginningIsStored()
    {
        using var wire = new Wire(served.Address);
        var video = $"{File("trip.mp4")}\0\0\0\u0020ftypisom{new string('v', 20 << 20)}";
        var rest = $"{new string('v', 10 << 20)}\r\n{End}";
        await wire.WriteAsync(Request(Token() + video, rest.Length));
        await wire.WriteAsync(rest[..(5 << 20)]);
        (await StoredAsync(least: Head)).ShouldBe(Head);

        await wire.WriteAsync(rest[(5 << 20)..]);
        var answer = await wire.EndAsync();
        answer.Status.ShouldBe(422);
        answer.Text.ShouldContain("This is a video.");
        (await StoredAsync(least: 0)).ShouldBe(0);
    }

    [Fact]
    public async Task AFileThatNobodyReadsIsNoneOfAFolderAndHoldsUpNothing()
    {
        var folder = Token() + File("trip/trip.mp4") + $"\0\0\0\u0020ftypisom{new string('v', 1 << 20)}\r\n"
            + File("trip/bookmarks.html") + Bookmarks + "\r\n" + End;
        var answer = await AskAsync(folder);
        answer.Status.ShouldBe(302);
        using var browser = new Browser(served.Address);
        await browser.SignInAsync("sam");
        await browser.WaitForAsync(
            LocationOf(answer), page => page.Contains("<dt>Read</dt><dd>1</dd>", StringComparison.Ordinal));
        (await StoredAsync(least: 0, most: 0)).ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OfPicturesNoMoreIsStoredThanThereIsRoomFor(bool isLengthSaid)
    {
        await using var place = Place.Embedded();
        await using var small = await Served.StartAsync(
            place.Words("serve", "--urls", "http://127.0.0.1:0", "--no-fetch", "--budget-bytes", "2MB"), null, null);
        using var ann = await Browser.SignedUpAsync(small.Address, "ann");
        using var form = new MultipartFormDataContent
        {
            { new StringContent(await ann.TokenAsync("/import")), "__RequestVerificationToken" },
            { new StreamContent(new MemoryStream([.. ZipStart, .. new byte[30 << 20]])), "file", "photos.zip" },
        };
        using var sent = isLengthSaid ? (HttpContent)form : await ChunkedAsync(form);

        var answer = await ann.SendAsync(HttpMethod.Post, "/import", sent);
        answer.ShouldBe(HttpStatusCode.UnprocessableEntity, "There is room for 2 MB more");
        Directory.EnumerateFileSystemEntries(Path.Combine(place.Data, "imports")).ShouldBeEmpty();
        // Bookmarks take no room of pictures.
        (await ann.UploadAsync("/import", new StringContent(Bookmarks + new string(' ', 3 << 20)), "b.html", []))
            .ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task TheTokenIsLookedAtBeforeAFileAndWhereverItComes()
    {
        var file = File("b.html") + Bookmarks + "\r\n";
        (await AskAsync(file + Token() + End)).Status.ShouldBe(302);
        (await AskAsync(file + End)).Status.ShouldBe(400);
        (await AskAsync(file + Token("CfDJ8AAAA") + End)).Status.ShouldBe(400);

        // The answer comes though the file does not.
        using var wire = new Wire(served.Address);
        await wire.WriteAsync(Request(Token("CfDJ8AAAA") + file, 1000));
        (await wire.ReadLineAsync()).ShouldStartWith("HTTP/1.1 400");
    }

    [Theory]
    [InlineData("", "Choose a file first.")]
    [InlineData("|", "Choose a file first.")]
    [InlineData("empty.html|", "It is empty")]
    [InlineData("notes.txt|words", "a text file of another kind")]
    [InlineData("feeds.opml|<opml version=\"2.0\"></opml>", "an OPML file")]
    public async Task WhatIsNoImportIsSaidOnTheForm(string file, string words)
    {
        var part = file.Split('|') is [var name, var content] ? $"{File(name)}{content}\r\n" : "";
        var answer = await AskAsync(Token() + part + End);
        answer.Status.ShouldBe(422, answer.Text);
        answer.Text.ShouldContain(words);
        (await StoredAsync(least: 0)).ShouldBe(0);
    }

    static async Task<HttpContent> ChunkedAsync(MultipartFormDataContent form)
    {
        var chunked = new StreamContent(new UnknownLength(await form.ReadAsStreamAsync()));
        chunked.Headers.ContentType = form.Headers.ContentType;
        return chunked;
    }

    static string File(string name) =>
        $"--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n";

    static string LocationOf(WireAnswer answer) => answer.Text.Split("\r\n")
        .First(line => line.StartsWith("Location: ", StringComparison.Ordinal))["Location: ".Length..];

    string Token(string? token = null) =>
        "--cut\r\nContent-Disposition: form-data; name=\"__RequestVerificationToken\"\r\n\r\n"
        + $"{token ?? served.Token}\r\n";

    Task<WireAnswer> AskAsync(string body) => Wire.AskAsync(served.Address, Request(body, 0));

    string Request(string body, int more) =>
        "POST /import HTTP/1.1\r\nHost: pins\r\nConnection: close\r\n"
        + "Content-Type: multipart/form-data; boundary=cut\r\n"
        + $"Content-Length: {body.Length + more}\r\nCookie: {served.Cookies}\r\n\r\n{body}";

    /// <summary>How many bytes lie there once it is so many at least, and at most.</summary>
    async Task<long> StoredAsync(long least, long most = long.MaxValue)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var stored = new DirectoryInfo(Path.Combine(served.Data, "imports"))
                .EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
            if ((stored >= least && stored <= most) || limit.IsCancellationRequested)
                return stored;
            await Task.Delay(20);
        }
    }

    /// <summary>A stream that cannot tell how long it is, so that it is sent in chunks.</summary>
    sealed class UnknownLength(Stream inner) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);
        public override void Flush() => inner.Flush();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
