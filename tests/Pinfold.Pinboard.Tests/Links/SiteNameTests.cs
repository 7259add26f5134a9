using Pinfold.Pinboard.Links;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Links;

public sealed class SiteNameTests
{
    [Theory]
    [InlineData("https://www.shown.example/a", "shown.example")]
    [InlineData("https://deep.in.shown.example/", "shown.example")]
    [InlineData("https://news.shop.co.uk/1", "shop.co.uk")]
    [InlineData("https://co.uk/", "co.uk")]
    // Whoever has a page on such a host has a name of their own there.
    [InlineData("https://ann.github.io/notes", "ann.github.io")]
    // "*.ck" and "!www.ck".
    [InlineData("https://a.b.shop.ck/", "b.shop.ck")]
    [InlineData("https://a.www.ck/", "www.ck")]
    [InlineData("https://A.Shop.CO.UK./", "shop.co.uk")]
    [InlineData("https://www.süß.de/", "süß.de")]
    [InlineData("https://食.公司.cn/", "食.公司.cn")]
    [InlineData("https://深.食.公司.cn/", "食.公司.cn")]
    [InlineData("http://192.0.2.7:8080/", "192.0.2.7")]
    [InlineData("http://[2001:db8::1]/", "[2001:db8::1]")]
    [InlineData("http://localhost/", "localhost")]
    public void ItIsTheNameThatSomebodyHasRegistered(string link, string name) => SiteName.Of(link).ShouldBe(name);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no link")]
    [InlineData("mailto:ann@shown.example")]
    public void WhatLeadsToNoSiteHasNone(string? link) => SiteName.Of(link).ShouldBeNullOrEmpty();
}
