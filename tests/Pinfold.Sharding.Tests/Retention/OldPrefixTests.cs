using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Retention;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Retention;

/// <summary>Times are of the writers' clocks: what of a journal is old although some of them are wrong.</summary>
public sealed class OldPrefixTests
{
    const long Old = 10, Cutoff = 100, Young = 150, Now = 200, Future = 1000;

    [Theory]
    [InlineData(new long[] { Old, Old, Young, Young }, 2)]
    [InlineData(new long[] { Old, Old, Old }, 3)]
    [InlineData(new long[] { Young, Old, Old }, 0)]
    [InlineData(new long[] { Old, Cutoff }, 1)]
    // A clock that was put back makes what comes behind the young look old: it stays.
    [InlineData(new long[] { Old, Young, Old, Old, Young }, 1)]
    // One that had jumped ahead says nothing: an old one behind it says that it is older still.
    [InlineData(new long[] { Old, Future, Old, Young }, 3)]
    [InlineData(new long[] { Future, Future, Old }, 3)]
    [InlineData(new long[] { Old, Future, Young, Old }, 1)]
    [InlineData(new long[] { Old, Future }, 1)]
    [InlineData(new long[0], 0)]
    public void ItGoesToTheLastOldRowBeforeAnyYoungOne(long[] times, long to)
    {
        var prefix = new OldPrefix(Cutoff, Now);
        foreach (var part in times.Select((at, i) => new RowTime(i + 1, at)).Chunk(2))
            prefix.Take(part);
        prefix.To.ShouldBe(to);
    }

    [Fact]
    public void LessThanADayIsNeverKept() =>
        Should.Throw<PinfoldException>(() => new JournalRetention(TimeSpan.FromHours(23))).Message
            .ShouldContain("at least 24 hours");
}
