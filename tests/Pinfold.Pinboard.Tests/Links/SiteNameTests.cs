using Pinfold.Pinboard.Links;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Links;

public sealed class SiteNameTests
{
    [Theory]
    [InlineData("www.shown.example/a", "shown.example")]
    [InlineData("deep.in.shown.example/", "shown.example")]
    [InlineData("news.shop.co.uk/1", "shop.co.uk")]
    [InlineData("co.uk/", "co.uk")]
    // Whoever has a page on such a host has a name of their own there.
    [InlineData("ann.github.io/notes", "ann.github.io")]
    // "*.ck" and "!www.ck".
    [InlineData("a.b.shop.ck/", "b.shop.ck")]
    [InlineData("a.www.ck/", "www.ck")]
    [InlineData("A.Shop.CO.UK./", "shop.co.uk")]
    [InlineData("www.süß.de/", "süß.de")]
    [InlineData("食.公司.cn/", "食.公司.cn")]
    [InlineData("深.食.公司.cn/", "食.公司.cn")]
    [InlineData("192.0.2.7:8080/", "192.0.2.7")]
    [InlineData("[2001:db8::1]/", "[2001:db8::1]")]
    [InlineData("localhost/", "localhost")]
    public void ItIsTheNameThatSomebodyHasRegistered(string rest, string name) =>
        SiteName.Of($"https://{rest}").ShouldBe(name);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no link")]
    public void WhatLeadsToNoSiteHasNone(string? link) => SiteName.Of(link).ShouldBeNullOrEmpty();
}
