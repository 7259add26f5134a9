using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Pins;

/// <summary>Board AND pin decide, the same for every reader.</summary>
public sealed class VisibilityTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task WhatIsSecretIsSeenByItsOwnerAlone(bool boardIsSecret, bool pinIsSecret)
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var (mira, ida) = (await pinboard.AddUserAsync("mira"), await pinboard.AddUserAsync("ida"));
        var board = await pinboard.AddBoardAsync(mira, "Board", boardIsSecret);
        var pin = await pinboard.AddPinAsync(mira, board, "Pin", pinIsSecret);
        var isPublic = !boardIsSecret && !pinIsSecret;

        foreach (var viewer in new[] { mira.Viewer, ida.Viewer, Viewer.Anybody })
        {
            var isOwner = viewer.Is(mira.Id);
            var profile = (await pinboard.Profiles.FindAsync(viewer, "mira", default))!;
            profile.Pins.Select(p => p.Id == pin).ShouldBe(isOwner || isPublic ? [true] : []);
            profile.Boards.Select(b => (b.Id == board, b.PinCount)).ShouldBe(
                isOwner || !boardIsSecret ? [(true, isOwner || !pinIsSecret ? 1L : 0L)] : []);
            profile.PinCount.ShouldBe(isOwner || isPublic ? 1 : 0);
            profile.BoardCount.ShouldBe(isOwner || !boardIsSecret ? 1 : 0);
            (await pinboard.Profiles.PinsAsync(viewer, mira.Id, null, default))
                .Pins.Count.ShouldBe(isOwner || isPublic ? 1 : 0);
            (await pinboard.PageAsync(viewer, board))
                .Pins.Count.ShouldBe(isOwner || isPublic ? 1 : 0);
            (await pinboard.Boards.FindAsync(viewer, mira.Id, "board", default) is not null)
                .ShouldBe(isOwner || !boardIsSecret);
            if (isOwner || isPublic)
                (await pinboard.Pins.GetAsync(viewer, pin, default)).Pin.Id.ShouldBe(pin);
            else
                (await Should.ThrowAsync<PinfoldException>(() => pinboard.Pins.GetAsync(viewer, pin, default)))
                    .Kind.ShouldBe(ErrorKind.NotFound);
        }
        (await pinboard.Profiles.FindOwnAsync(ida.Viewer, "mira", default)).ShouldBeNull();
    }
}
