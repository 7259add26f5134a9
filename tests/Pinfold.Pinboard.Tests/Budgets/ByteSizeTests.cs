using Pinfold.Pinboard.Budgets;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Budgets;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1024", 1024)]
    [InlineData("500MB", 500L << 20)]
    [InlineData(" 20 gb ", 20L << 30)]
    [InlineData("1.5 TiB", 3L << 39)]
    [InlineData("7k", 7168)]
    public void ASizeIsReadAsPeopleWriteIt(string text, long bytes) => ByteSize.Parse(text).ShouldBe(bytes);

    [Theory]
    [InlineData("")]
    [InlineData("GB")]
    [InlineData("-1GB")]
    [InlineData("twenty")]
    [InlineData("1e9")]
    [InlineData("9999999TB")]
    [InlineData("5 GBB")]
    [InlineData("1,5GB")]
    public void WhatIsNoSizeIsRefusedWithOneThatIs(string text) =>
        Should.Throw<PinfoldException>(() => ByteSize.Parse(text)).Message.ShouldContain("20GB");

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1536, "1.5 KB")]
    [InlineData(20L << 30, "20 GB")]
    [InlineData((1L << 30) - 1, "1024 MB")]
    public void ASizeIsWrittenShort(long bytes, string text) => ByteSize.Of(bytes).ShouldBe(text);
}
