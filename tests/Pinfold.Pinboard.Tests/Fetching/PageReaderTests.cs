using System.Text;
using CsCheck;
using Pinfold.Pinboard.Fetching;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Fetching;

public sealed class PageReaderTests
{
    static readonly Uri Page = new("https://example.org/recipes/plum-cake.html?x=1");

    [Fact]
    public void APageWithOpenGraphIsReadFromIt()
    {
        var preview = Read("""
            <!doctype html><html><head>
            <title>Plum cake | Example</title>
            <meta property="og:title" content="Plum&nbsp;cake &amp; cream">
            <meta property="og:description" content=" A cake
              with plums. ">
            <meta property="og:image" content="/pictures/cake.jpg">
            <meta property="og:site_name" content="Example kitchen">
            <link rel="canonical" href="/recipes/plum-cake">
            <meta name="twitter:image" content="https://example.org/other.jpg">
            </head><body><img src="big.jpg" width="2000" height="2000"></body></html>
            """);
        preview.ShouldBe(new PagePreview("Plum cake & cream", "A cake with plums.",
            new Uri("https://example.org/pictures/cake.jpg"), "Example kitchen",
            new Uri("https://example.org/recipes/plum-cake")));
    }

    [Theory]
    [InlineData("<meta name='twitter:image' content='a.jpg'><link rel='image_src' href='b.jpg'>", "a.jpg")]
    [InlineData("<script type='application/ld+json'>{\"image\":\"a.jpg\"}</script><img src=b.jpg>", "a.jpg")]
    [InlineData("<meta property='og:image' content='data:image/png;base64,AA'><img src='a.jpg'>", "a.jpg")]
    [InlineData("<meta property='og:image' content='javascript:alert(1)'><link rel=image_src href=c.jpg>", "c.jpg")]
    [InlineData("<meta property='og:image' content='ftp://example.org/x.jpg'>", null)]
    [InlineData("<meta property='og:image' content='http://me:pw@example.org/x.jpg'>", null)]
    [InlineData("<link rel='image_src' href='c.jpg'><img src='d.jpg' width=900 height=900>", "c.jpg")]
    [InlineData("<img src='d.jpg' width='300' height='300'><img src='e.jpg' width='600' height='500'>", "e.jpg")]
    [InlineData("<img src='logo.png' width='900' height='900'><img src='f.jpg'>", "f.jpg")]
    [InlineData("<img src='x.svg'><img src='y.ico'><img src='data:image/gif,R0' data-src='lazy.jpg'>", "lazy.jpg")]
    [InlineData("<img src='banner.jpg' width='2000' height='90'><img src='wide.jpg' width='2000' height='400'>", null)]
    [InlineData("<img src='tiny.jpg' width='16'><img src='a.jpg'><img src='b.jpg'>", "a.jpg")]
    [InlineData("<img srcset='s.jpg 320w, l.jpg 1280w, m.jpg 640w'>", "l.jpg")]
    [InlineData("<noscript><img src='real.jpg' width='500' height='500'></noscript>", "real.jpg")]
    [InlineData("<!-- <img src='comment.jpg'> --><textarea><img src='text.jpg'></textarea><style>a{}</style>", null)]
    [InlineData("<script>document.write(\"<img src='script.jpg'>\")</script><img src='a.jpg'>", "a.jpg")]
    [InlineData("<base href='https://cdn.example.com/p/'><img src='a.jpg'>", "https://cdn.example.com/p/a.jpg")]
    [InlineData("<base href='javascript:x'><img src='a.jpg'>", "a.jpg")]
    public void TheBestImageIsChosen(string html, string? image) =>
        Read(html).Image.ShouldBe(image is null ? null : new Uri(Page, image));

    [Theory]
    [InlineData("""{"@type":"Recipe","image":"a.jpg"}""")]
    [InlineData("""{"image":{"@type":"ImageObject","url":"a.jpg"}}""")]
    [InlineData("""{"image":["a.jpg","b.jpg"]}""")]
    [InlineData("""{"@graph":[{"@type":"WebSite"},{"@type":"Article","image":[{"url":"a.jpg"}]}]}""")]
    [InlineData("""[{"@type":"Person"},{"image":"a.jpg"},]""")]
    public void LinkedDataGivesAnImage(string json) =>
        Read($"<script type=\"application/ld+json\">\n{json}\n</script>").Image.ShouldBe(new Uri(Page, "a.jpg"));

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("""{"image":17}""")]
    [InlineData("""{"image":{"url":{"url":null}}}""")]
    public void BrokenLinkedDataIsPassedOver(string json) =>
        Read($"<script type='application/ld+json'>{json}</script><img src=a.jpg>").Image
            .ShouldBe(new Uri(Page, "a.jpg"));

    [Theory]
    [InlineData("<title>A &lt;b&gt; title</title><svg><title>Icon</title></svg>", "A <b> title")]
    [InlineData("<meta name='twitter:title' content='Card'><title>Tab</title>", "Card")]
    [InlineData("<meta property='og:title' content='  '><title>Tab</title>", "Tab")]
    [InlineData("<title> </title>", "plum cake")]
    [InlineData("", "plum cake")]
    [InlineData("<title>never closed", "never closed")]
    [InlineData("<title>left \u202Eright\u0007 end</title>", "left right end")]
    public void TheTitleFallsBackUntilThereIsOne(string html, string title) => Read(html).Title.ShouldStartWith(title);

    [Fact]
    public void WithoutAPathTheHostIsTheTitle() =>
        PageReader.Read([], new Uri("https://example.org/")).Title.ShouldBe("example.org");

    [Fact]
    public void TextsAreCutAtTheirLimitAndNotInsideACharacter()
    {
        var emoji = string.Concat(Enumerable.Repeat("\U0001F34C", 400));
        var title = Read($"<title>x{emoji}</title>").Title;
        title.Length.ShouldBe(PagePreview.TitleCharactersMax - 1);
        title.EnumerateRunes().ShouldAllBe(rune => rune.Value != 0xFFFD);
        Read($"<meta name=description content='{new string('d', 9000)}'>").Description!.Length
            .ShouldBe(PagePreview.DescriptionCharactersMax);
    }

    [Theory]
    [InlineData("utf-8", null, "")]
    [InlineData("windows-1252", "iso-8859-1", "")]
    [InlineData("windows-1252", null, "<meta charset=\"windows-1252\">")]
    [InlineData("windows-1252", null, "<meta http-equiv='Content-Type' content='text/html; charset=ISO-8859-1'>")]
    [InlineData("windows-1252", null, "")]
    [InlineData("utf-8", "no-such-charset", "")]
    [InlineData("utf-8", null, "<meta charset=utf-16>")]
    public void TheCharsetIsFound(string encoding, string? header, string meta)
    {
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(encoding)?.GetBytes(Html())
            ?? Encoding.UTF8.GetBytes(Html());
        PageReader.Read(bytes, Page, header).Title.ShouldBe("Zwetschgenküche für Käthe");

        string Html() => $"{meta}<title>Zwetschgenküche für Käthe</title>";
    }

    [Theory]
    [InlineData("shift_jis", "プラムケーキ")]
    [InlineData("euc-kr", "자두 케이크")]
    [InlineData("gb2312", "李子蛋糕")]
    [InlineData("koi8-r", "Сливовый пирог")]
    public void OldEncodingsAreRead(string charset, string title)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(charset)!;
        var page = encoding.GetBytes($"<meta charset={charset}><title>{title}</title>");
        PageReader.Read(page, Page).Title.ShouldBe(title);
    }

    [Fact]
    public void ByteOrderMarksComeFirst()
    {
        foreach (var encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            byte[] page = [.. encoding.GetPreamble(), .. encoding.GetBytes("<title>Plüm</title>")];
            PageReader.Read(page, Page, "iso-8859-1").Title.ShouldBe("Plüm");
        }
    }

    [Fact]
    public void AUtf8PageCutInsideACharacterIsStillUtf8()
    {
        var page = Encoding.UTF8.GetBytes("<title>Plüm</title><p>プラムケーキ");
        for (var cut = page.Length - 17; cut <= page.Length; cut++)
            PageReader.Read(page.AsSpan(0, cut), Page).Title.ShouldBe("Plüm");
    }

    [Theory]
    [InlineData("<div>")]
    [InlineData("<b><p>")]
    [InlineData("<table><tr><td><a>")]
    [InlineData("<")]
    [InlineData("<a b=\"")]
    [InlineData("&amp")]
    [InlineData("<meta property='og:image' content='x'>")]
    [InlineData("<script><!--")]
    public void AHostilePageOfTwoMebibytesIsReadWithoutHarm(string unit)
    {
        var html = new StringBuilder("<title>Still here</title>", 2 * 1024 * 1024);
        while (html.Length < 2 * 1024 * 1024)
            html.Append(unit);
        Read(html.ToString()).Title.ShouldBe("Still here");
    }

    [Fact]
    public void AnyBytesGiveAPreviewWithinItsLimits() =>
        Gen.OneOf(
            Gen.Byte.Array[0, 300],
            Gen.Int[0, Fragments.Length - 1].Select(i => Fragments[i]).Array[0, 60]
                .Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))))
        .Sample(bytes =>
        {
            var preview = PageReader.Read(bytes, Page);
            preview.Title.Length.ShouldBeInRange(1, PagePreview.TitleCharactersMax);
            foreach (var link in (Uri?[])[preview.Image, preview.Canonical])
                (link is null || link.Scheme is "http" or "https").ShouldBeTrue();
        }, iter: 3000);

    static readonly string[] Fragments =
    [
        "<title>", "</title>", "<meta ", "property='og:image' ", "content=", "'//a/b'", "\"", ">", "<script>",
        "</script>", "<!--", "-->", "<img src=", "x.jpg ", "width=1e9 ", "&#x110000;", "&", "\0", "ü", "<base href='",
        "http://[", "'>", "<![CDATA[", "]]>", "<link rel=canonical href=", "<svg>", "<plaintext>", "<noscript>", "</",
        "<?xml ",
    ];

    static PagePreview Read(string html) => PageReader.Read(Encoding.UTF8.GetBytes(html), Page);
}
