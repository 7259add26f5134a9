using Pinfold.Pinboard.Web.Serving;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

public sealed class UserAgentTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
        + "Safari/537.36 Edg/130.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        + "CriOS/130.0.0.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        + "Version/18.0 Safari/605.1.15", "Safari on Mac")]
    [InlineData("curl/8.9.1", "curl")]
    [InlineData("<script>alert(1)</script>", "<script>alert(1)<")]
    [InlineData("", "An unknown browser")]
    [InlineData(null, "An unknown browser")]
    public void ABrowserIsCalledWhatItsOwnerCallsIt(string? agent, string words) =>
        UserAgents.Words(agent).ShouldBe(words);
}
