using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Users;

public sealed class UserTests
{
    [Fact]
    public async Task AProfileIsChangedWhileBoardsAreMadeAndNeitherIsRefusedOrLost()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        await Task.WhenAll(
            Task.Run(async () =>
            {
                for (var i = 0; i < 20; i++)
                    await pinboard.AddBoardAsync(mira, $"Board {i}");
            }),
            Task.Run(async () =>
            {
                for (var i = 1; i <= 20; i++)
                    await pinboard.Users.UpdateProfileAsync(mira.Id, $"Mira {i}", null, default);
            }));
        var user = (await pinboard.Store.GetAsync(mira.Id)).Body;
        (user.DisplayName, user.BoardsMade).ShouldBe(("Mira 20", 20));
    }
}
