using System.Net;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

public sealed class PasswordTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    const int Tries = 15;

    [Fact]
    public async Task WrongPasswordsThatAreTriedSideBySideAreAllCounted()
    {
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        using var stranger = new Browser(served.Address);
        var token = await stranger.TokenAsync("/sign-in");

        var refused = await Task.WhenAll(Enumerable.Range(0, Tries).Select(i => TryAsync($"wrong password {i}")));

        refused.ShouldAllBe(r => r.Status == HttpStatusCode.UnprocessableEntity);
        (await TryAsync(Place.Password)).ShouldBe(HttpStatusCode.UnprocessableEntity, "wait a quarter of an hour");

        (await ann.PostAsync("/settings", [], "/sign-out")).ShouldBe(HttpStatusCode.Redirect);
        (await ann.PostAsync("/sign-in", new() { ["name"] = "ann", ["password"] = Place.Password }))
            .ShouldBe(HttpStatusCode.Redirect);

        async Task<Answer> TryAsync(string password)
        {
            using var form = new FormUrlEncodedContent(
            [
                new("name", "ann"), new("password", password), new("__RequestVerificationToken", token),
            ]);
            return await stranger.SendAsync(HttpMethod.Post, "/sign-in", form);
        }
    }
}
