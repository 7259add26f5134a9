using System.Globalization;
using Pinfold.Pinboard.Import.Rows;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import.Times;

public sealed class BookmarkDateTests
{
    [Theory]
    [InlineData("1456433741", "2016-02-25T20:55:41")]
    [InlineData("1456433741.25", "2016-02-25T20:55:41.25")]
    [InlineData("1.456433741E9", "2016-02-25T20:55:41")]
    [InlineData("1456433741000", "2016-02-25T20:55:41")]
    [InlineData("1456433741250.5", "2016-02-25T20:55:41.2505")]
    [InlineData("1456433741000000", "2016-02-25T20:55:41")]
    [InlineData("1456433741000000000", "2016-02-25T20:55:41")]
    [InlineData("13144473600000000", "2017-07-14T02:40:00")]
    [InlineData("20240102T030405Z", "2024-01-02T03:04:05")]
    [InlineData("20240102T030405.5+0200", "2024-01-02T01:04:05.5")]
    [InlineData("20240102T0304", "2024-01-02T03:04:00")]
    [InlineData("20240102", "2024-01-02T00:00:00")]
    [InlineData("20240102030405", "2024-01-02T03:04:05")]
    [InlineData("2024-01-02", "2024-01-02T00:00:00")]
    [InlineData("2024-1-2", "2024-01-02T00:00:00")]
    [InlineData("2024-01-02T03:04:05.000Z", "2024-01-02T03:04:05")]
    [InlineData("2024-01-02T03:04:05,5Z", "2024-01-02T03:04:05.5")]
    [InlineData("2024-01-02T03:04:05.123456789Z", "2024-01-02T03:04:05.1234567")]
    [InlineData("2024-01-02T03:04:05+05:30", "2024-01-01T21:34:05")]
    [InlineData("2024-01-02T03:04:05-0800", "2024-01-02T11:04:05")]
    [InlineData("2024-01-02T03:04Z", "2024-01-02T03:04:00")]
    [InlineData("2024-01-02 03:04:05", "2024-01-02T03:04:05")]
    [InlineData("2024-01-02 03:04:05 UTC", "2024-01-02T03:04:05")]
    [InlineData("2024-01-02 03:04:05+00", "2024-01-02T03:04:05")]
    [InlineData("2024-01-02 03:04:05 +0100", "2024-01-02T02:04:05")]
    [InlineData("2024-01-02 03:04", "2024-01-02T03:04:00")]
    [InlineData("2024/01/02 03:04:05", "2024-01-02T03:04:05")]
    [InlineData("Tue, 02 Jan 2024 03:04:05 GMT", "2024-01-02T03:04:05")]
    [InlineData("Tue, 2 Jan 2024 03:04:05 +0100", "2024-01-02T02:04:05")]
    [InlineData("02 Jan 2024 03:04:05 PST", "2024-01-02T11:04:05")]
    [InlineData("Tuesday, 02-Jan-24 03:04:05 GMT", "2024-01-02T03:04:05")]
    [InlineData("Tue Jan  2 03:04:05 2024", "2024-01-02T03:04:05")]
    [InlineData("Tue Jan 2 03:04:05 UTC 2024", "2024-01-02T03:04:05")]
    [InlineData("Tue Jan 02 2024 03:04:05 GMT+0100 (Central European Standard Time)", "2024-01-02T02:04:05")]
    [InlineData("January 2, 2024", "2024-01-02T00:00:00")]
    [InlineData("Jan 2, 2024, 3:04:05 PM", "2024-01-02T15:04:05")]
    [InlineData("2.1.2024 03:04:05", "2024-01-02T03:04:05")]
    [InlineData("10/Oct/2000:13:55:36 +0300", "2000-10-10T10:55:36")]
    public void TheFormsOfTheWildAreRead(string text, string time)
    {
        var read = BookmarkDate.Parse(text);
        read.Problem.ShouldBeNull();
        read.At.ShouldNotBeNull().UtcDateTime.ShouldBe(DateTime.Parse(time, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("invaliddate", "cannot be read")]
    [InlineData("12:30", "cannot be read")]
    [InlineData("05/11/2024", "cannot be read")]
    [InlineData("2024-13-45", "cannot be read")]
    [InlineData("-5", "out of range")]
    [InlineData("99999999999999999999", "out of range")]
    [InlineData("999999999999999999999999999999999999", "out of range")]
    [InlineData("0001-01-01T00:00:00Z", "out of range")]
    [InlineData("1601-01-01", "out of range")]
    public void WhatIsNoTimeIsSaid(string text, string why)
    {
        var read = BookmarkDate.Parse(text);
        read.At.ShouldBeNull();
        read.Problem!.ShouldContain(why);
        read.Problem!.ShouldContain($"“{text}”");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("0")]
    [InlineData("0.0")]
    public void NothingAndZeroSayNoTime(string? text) => BookmarkDate.Parse(text).ShouldBe(default);
}
