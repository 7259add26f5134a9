using System.Text;
using CsCheck;
using Pinfold.Pinboard.Fetching;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Fetching;

public sealed class PageReaderTests(ITestOutputHelper output)
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
        preview.Title.ShouldBe("Plum cake & cream");
        preview.Description.ShouldBe("A cake with plums.");
        preview.SiteName.ShouldBe("Example kitchen");
        preview.Canonical.ShouldBe(new Uri("https://example.org/recipes/plum-cake"));
        Paths(preview).ShouldBe(["/pictures/cake.jpg", "/other.jpg", "/recipes/big.jpg"]);
    }

    [Theory]
    [InlineData("<meta name='twitter:image' content='a.jpg'><link rel='image_src' href='b.jpg'>", "a.jpg")]
    [InlineData("<script type='application/ld+json'>{\"image\":\"a.jpg\"}</script><img src=b.jpg>", "a.jpg")]
    [InlineData("<meta property='og:image' content='data:image/png;base64,AA'><img src='a.jpg'>", "a.jpg")]
    [InlineData("<meta property='og:image' content='javascript:alert(1)'><link rel=image_src href=c.jpg>", "c.jpg")]
    [InlineData("<meta property='og:image' content='ftp://example.org/x.jpg'>", null)]
    [InlineData("<meta property='og:image' content='http://me:pw@example.org/x.jpg'>", "http://example.org/x.jpg")]
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
    [InlineData("<meta property=og:image content=a.jpg><meta property=og:image content=b.jpg>", "a.jpg b.jpg")]
    [InlineData("<meta property=og:image content=http://x.example/a.jpg>"
        + "<meta property=og:image:secure_url content=https://x.example/a.jpg>", "https://x.example/a.jpg http://x.example/a.jpg")]
    [InlineData("<meta property=og:image:secure_url content=s.jpg><meta property=og:image content=a.jpg>"
        + "<meta property=og:image content=b.jpg>", "s.jpg a.jpg b.jpg")]
    [InlineData("<meta property=og:image content=a><meta property=og:image:type content=image/avif>"
        + "<meta property=og:image content=b><meta property=og:image:type content='image/jpeg; q=1'>", "b")]
    [InlineData("<meta property=og:image content=a.gif><meta property=og:image:width content=1>"
        + "<meta name=twitter:image content=b.jpg>", "b.jpg")]
    [InlineData("<meta property=og:image content=a.jpg><meta property=og:image:url content=a.jpg>", "a.jpg")]
    [InlineData("<link rel='apple-touch-icon' href=i.png><video poster=p.jpg></video><img src=a.jpg>"
        + "<link rel=image_src href=l.jpg><script type='application/ld+json'>{\"image\":\"j.jpg\"}</script>"
        + "<meta name=twitter:image content=t.jpg><meta property=og:image content=o.jpg>",
        "o.jpg t.jpg j.jpg l.jpg a.jpg")]
    [InlineData("<link rel='apple-touch-icon' href=i.png><video poster=p.jpg></video><img src=a.jpg>",
        "a.jpg p.jpg i.png")]
    [InlineData("<img src=1.jpg><img src=2.jpg><img src=3.jpg><img src=4.jpg><img src=5.jpg><img src=6.jpg>",
        "1.jpg 2.jpg 3.jpg 4.jpg 5.jpg")]
    [InlineData("<img src=a.jpg><img src='a.jpg'><img src=./a.jpg>", "a.jpg")]
    public void OthersAreNamedForWhenTheFirstIsOfNoUse(string html, string images) =>
        Read(html).Images.ShouldBe(images.Split(' ').Select(image => new Uri(Page, image)));

    [Theory]
    [InlineData("<img src='/img/blank.gif' data-src='/photo.jpg' width='800' height='600'>")]
    [InlineData("<img src='/img/placeholder.png' data-lazy-src='photo.jpg'>")]
    [InlineData("<img src='spacer.gif' srcset='s.jpg 100w, photo.jpg 900w'>")]
    [InlineData("<img src='data:image/gif;base64,R0lGOD' data-srcset='s.jpg 1x, photo.jpg 2x'>")]
    [InlineData("<img src='1x1.png' srcset='data:image/gif;base64,R0lGOD 1w' data-original='photo.jpg'>")]
    [InlineData("<img src='/assets/loading.gif'><noscript><img src='photo.jpg'></noscript>")]
    [InlineData("<img data-cfsrc='photo.jpg' style='display:none'>")]
    [InlineData("<img src=small.jpg data-large-file=photo.jpg>")]
    [InlineData("<img class='lazy loading' src=small.jpg data-src=photo.jpg>")]
    [InlineData("<img src='about:blank' data-src='{\"a\":1}' data-hi-res-src=photo.jpg>")]
    [InlineData("<img src='transparent.png?photo.jpg' data-src=' photo.jpg '>")]
    [InlineData("<picture><source type=image/avif srcset=a.avif><source type=image/webp srcset='photo.jpg 1x'>"
        + "<img src=c.jpg></picture>")]
    [InlineData("<picture><source srcset='s.jpg 400w, photo.jpg 1600w' media='(min-width: 1px)'><img src=blank.gif>")]
    [InlineData("<img srcset='https://example.org/recipes/photo.jpg'>")]
    public void APlaceholderYieldsToTheRealAddress(string html) =>
        Path.GetFileName(Read(html).Image!.AbsolutePath).ShouldBe("photo.jpg");

    [Theory]
    [InlineData("/catalogo/silicon-valley.jpg")]
    [InlineData("/iconic/buttonhole.jpg")]
    [InlineData("/badgers/blankets-pixelated.jpg")]
    [InlineData("/spriteful/analogous.jpg?icon=logo")]
    [InlineData("https://logo.example/photo.jpg")]
    public void AWordIsAWordAndNoPartOfAnother(string address) =>
        Read($"<img src='{address}'>").Image.ShouldBe(new Uri(Page, address));

    [Theory]
    [InlineData("<img src='/images/logo.png'>")]
    [InlineData("<img src='/logos/white.png'>")]
    [InlineData("<img src='/images/siteLogo2.png' width=180 height=180>")]
    [InlineData("<img src='/a.png' class='wp-emoji'>")]
    [InlineData("<img src='/a.png' id='header_logo'>")]
    [InlineData("<img src='/track/pixel?id=photo.jpg'>")]
    public void WhatIsCalledDecorationIsNoPicture(string html)
    {
        Read(html).Images.ShouldBeEmpty();
        Read($"{html}<img src=photo.jpg>").Images.ShouldBe([new Uri(Page, "photo.jpg")]);
    }

    [Fact]
    public void ALargeOneOfThemComesLast() =>
        Read("<img src=pixel-9.jpg width=1200 height=800><img src=photo.jpg width=300 height=300>").Images
            .ShouldBe([new Uri(Page, "photo.jpg"), new Uri(Page, "pixel-9.jpg")]);

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
    [InlineData("<head><svg><symbol><title>Close</title></symbol></svg><title>Cake</title>", "Cake")]
    [InlineData("<svg><title>Close</title><g/></svg><svg/><title>Cake</title>", "Cake")]
    [InlineData("<svg><title>Close</title><path><div><title>Cake</title>", "Cake")]
    [InlineData("<svg><foreignObject><p><svg><title>Inner</title></svg></p></foreignObject></svg><title>Cake</title>",
        "Cake")]
    [InlineData("<svg><style> <title>No</title> </style><![CDATA[<title>No</title>]]></svg><title>Cake</title>",
        "Cake")]
    [InlineData("<math><mtext><svg><title>No</title></svg></mtext></math><title>Cake</title>", "Cake")]
    [InlineData("<template><title>No</title></template><title>Cake</title>", "Cake")]
    [InlineData("<svg><title>Only a drawing's</title></svg>", "plum cake")]
    [InlineData("<title>Cake</title><plaintext><title>No</title>", "Cake")]
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
    [InlineData("windows-1252", null, "<?xml version=\"1.0\" encoding='ISO-8859-1'?>")]
    [InlineData("windows-1252", null, "<?xml version='1.0' encoding='utf-8'?><meta charset=latin1>")]
    [InlineData("windows-1252", null,
        "<!-- <meta charset=koi8-r> --><meta content='charset=l1' http-equiv=content-type>")]
    [InlineData("windows-1252", null, "<meta name=x content='charset=koi8-r'><div title='<meta charset=koi8-r>'>")]
    [InlineData("windows-1252", "utf-7", "<meta charset=cp1252>")]
    [InlineData("windows-1252", null, "<script>'<meta charset=koi8-r>'</script><meta charset=windows-1252>")]
    [InlineData("utf-8", "utf-8", "<meta charset=koi8-r>")]
    public void TheCharsetIsFound(string encoding, string? header, string meta)
    {
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(encoding)?.GetBytes(Html())
            ?? Encoding.UTF8.GetBytes(Html());
        PageReader.Read(bytes, Page, header).Title.ShouldBe("Zwetschgenküche für Käthe");

        string Html() => $"{meta}<title>Zwetschgenküche für Käthe</title>";
    }

    [Theory]
    [InlineData(900)]
    [InlineData(5000)]
    [InlineData(200_000)]
    public void ALateMetaElementIsObeyed(int bytesBefore)
    {
        var page = CodePagesEncodingProvider.Instance.GetEncoding(1251)!.GetBytes(
            $"<style>{new string('a', bytesBefore)}</style><title>Сливовый пирог</title><meta charset=cp1251>");
        PageReader.Read(page, Page).Title.ShouldBe("Сливовый пирог");
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void AnXmlDeclarationInUtf16NeedsNoMark(string encoding)
    {
        var page = Encoding.GetEncoding(encoding).GetBytes("<?xml version='1.0'?><title>Plüm</title>");
        PageReader.Read(page, Page).Title.ShouldBe("Plüm");
    }

    [Theory]
    [InlineData("<meta http-equiv=refresh content='0; url=/there'>", "/there")]
    [InlineData("<meta http-equiv=Refresh content='0;URL=\"there\"'>", "there")]
    [InlineData("<meta http-equiv=refresh content=\" 3.5 , url = '/there' x\">", "/there")]
    [InlineData("<meta http-equiv=refresh content='0; /there'>", "/there")]
    [InlineData("<html><body>Wait<meta http-equiv=refresh content='5 url=https://example.com/?a=1;b'>",
        "https://example.com/?a=1;b")]
    [InlineData("<base href=/in/><meta http-equiv=refresh content='0;url=there'>", "/in/there")]
    [InlineData("<meta http-equiv=refresh content='0'>", null)]
    [InlineData("<meta http-equiv=refresh content='30; url=/later'>", null)]
    [InlineData("<meta http-equiv=refresh content='99999999999; url=/later'>", null)]
    [InlineData("<meta http-equiv=refresh content='url=/there'>", null)]
    [InlineData("<meta http-equiv=refresh content='0; url=javascript:alert(1)'>", null)]
    [InlineData("<noscript><meta http-equiv=refresh content='0; url=/noscript'></noscript>", null)]
    [InlineData("<template><meta http-equiv=refresh content='0; url=/t'></template>", null)]
    [InlineData("<p>Somebody's words: <meta http-equiv=refresh content='0; url=/injected'>", null)]
    [InlineData("<title><meta http-equiv=refresh content='0; url=/title'></title>", null)]
    public void AMetaRefreshOfTheHeadSendsOn(string html, string? target) =>
        Read(html).Refresh.ShouldBe(target is null ? null : new Uri(Page, target));

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
    [InlineData("<svg><foreignObject>")]
    [InlineData("<picture><source srcset='a.jpg 1w, b.jpg 2w'>")]
    [InlineData("<img srcset='a.jpg 1w, (' data-src=a/b class='a b'>")]
    [InlineData("<meta http-equiv=refresh content='1")]
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
            foreach (var link in (Uri?[])[.. preview.Images, preview.Canonical, preview.Refresh])
                (link is null || link.Scheme is "http" or "https").ShouldBeTrue();
        }, iter: 3000);

    static readonly string[] Fragments =
    [
        "<title>", "</title>", "<meta ", "property='og:image' ", "content=", "'//a/b'", "\"", ">", "<script>",
        "</script>", "<!--", "-->", "<img src=", "x.jpg ", "width=1e9 ", "&#x110000;", "&", "\0", "ü", "<base href='",
        "http://[", "'>", "<![CDATA[", "]]>", "<link rel=canonical href=", "<svg>", "<plaintext>", "<noscript>", "</",
        "<?xml ", "encoding='koi8-r'?>", "<meta charset=", "cp1251", "http-equiv=refresh ", "'0;url=", "<picture>",
        "<source srcset='", "a 1w, b 2x(,", "<template>", "</svg>", "<foreignObject>", "data-src=", "\uFFFE",
    ];

    [Fact]
    public void ADamagedPageGivesAPreviewWithinItsLimits()
    {
        var samples = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Samples", "fetch"))
            .Select(File.ReadAllBytes).ToArray();
        var random = Seed.Take(output.WriteLine).NewRandom();
        for (var i = 0; i < 3000; i++)
        {
            var page = samples[random.Next(samples.Length)].ToArray();
            page = page[random.Next(page.Length / 4)..random.Next(page.Length / 2, page.Length + 1)];
            for (var flips = random.Next(8); flips > 0 && page.Length > 0; flips--)
                page[random.Next(page.Length)] ^= (byte)(1 << random.Next(8));
            var preview = PageReader.Read(page, Page);
            preview.Title.Length.ShouldBeInRange(1, PagePreview.TitleCharactersMax);
            preview.Images.Count.ShouldBeLessThanOrEqualTo(PagePreview.ImagesMax);
        }
    }

    static IEnumerable<string> Paths(PagePreview preview) => preview.Images.Select(image => image.AbsolutePath);

    static PagePreview Read(string html) => PageReader.Read(Encoding.UTF8.GetBytes(html), Page);
}
