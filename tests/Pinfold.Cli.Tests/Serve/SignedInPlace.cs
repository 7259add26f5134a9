using System.Net;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>One running service, and somebody signed in to it whose requests a test writes itself.</summary>
public sealed partial class SignedInPlace : IAsyncLifetime
{
    readonly ServedPlace _served = new();

    internal Uri Address => _served.Address;

    internal string Data => _served.Place.Data;

    /// <summary>What the Cookie header of a request has.</summary>
    internal string Cookies { get; private set; } = "";

    /// <summary>A token of a form, good with these cookies.</summary>
    internal string Token { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await _served.InitializeAsync();
        await _served.Place.AddUsersAsync("sam");
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = Address };
        using var form = new FormUrlEncodedContent(
        [
            new("name", "sam"), new("password", Place.Password),
            new("__RequestVerificationToken", TokenOn(await http.GetStringAsync("/sign-in"))),
        ]);
        using var answer = await http.PostAsync("/sign-in", form);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        Token = TokenOn(await http.GetStringAsync("/settings"));
        Cookies = handler.CookieContainer.GetCookieHeader(Address);
    }

    public ValueTask DisposeAsync() => _served.DisposeAsync();

    static string TokenOn(string page) => WebUtility.HtmlDecode(TokenField().Match(page).Groups[1].Value);

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]* value=\"([^\"]+)\"")]
    private static partial Regex TokenField();
}
