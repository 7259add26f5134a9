using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Tests.Follows;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Tests.Feeds;

/// <summary>
/// What the people of <see cref="FollowSteps"/> pin, change and look at, at random, beside whom they follow. Few pin
/// most of it.
/// </summary>
/// <param name="pinboard">Whose people they are.</param>
/// <param name="random">Where chance comes from.</param>
/// <param name="follows">Them, and their boards.</param>
/// <param name="emptyAsync">Loses all feeds.</param>
/// <param name="emptiesOneIn">In one of so many steps that is done.</param>
sealed class FeedSteps(
    TestPinboard pinboard, Random random, FollowSteps follows, Func<Task> emptyAsync, int emptiesOneIn)
{
    const int Pictures = 40;

    readonly List<(ObjectId<Pin> Id, TestUser Owner)> _pins = [];
    DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(50);

    /// <summary>Two of these: one of who follows whom, and one of what is pinned.</summary>
    public async Task<string> StepAsync() => $"{await follows.StepAsync()}; {await PinStepAsync()}";

    Task<string> PinStepAsync() => random.Next(emptiesOneIn) == 0 ? EmptyAsync() : random.Next(40) switch
    {
        < 18 => PinAsync(),
        < 21 => WithPinAsync("is deleted", pin => pinboard.Pins.DeleteAsync(pin.Owner.Viewer, pin.Id, default)),
        < 26 => WithPinAsync("is changed", ChangeAsync),
        < 29 => WithPinAsync("has its picture", PictureAsync),
        _ => LookAsync(),
    };

    async Task<string> PinAsync()
    {
        var board = follows.Boards[random.Next(random.Next(follows.Boards.Count) + 1)];
        // Several at one time; and some with an old one, as imports have.
        _now = _now.AddMinutes(random.Next(2));
        var pin = await pinboard.Pins.CreateAsync(board.Owner.Id, new NewPin(board.Id)
        {
            Title = "t",
            Link = "https://example.org/",
            IsSecret = random.Next(8) == 0,
            CreatedAt = random.Next(5) == 0 ? _now.AddHours(-random.Next(1000)) : _now,
            Picture = random.Next(3) switch
            {
                0 => null,
                1 => PinPicture.ToFetch("https://example.org/"),
                _ => PinPicture.Received(AnyHash(), 10, 10, 100) with { State = PictureState.Ready },
            },
        }, default);
        _pins.Add((pin, board.Owner));
        return $"{board.Owner.Name} pins {pin} on {board.Id}";
    }

    Task ChangeAsync((ObjectId<Pin> Id, TestUser Owner) pin)
    {
        var boards = follows.Boards.Where(board => board.Owner == pin.Owner).Select(board => board.Id).ToList();
        return pinboard.Pins.UpdateAsync(
            pin.Owner.Viewer, pin.Id, "changed", null, "https://example.org/", random.Next(3) == 0,
            boards.ElementAtOrDefault(random.Next(boards.Count)), default, default);
    }

    Task PictureAsync((ObjectId<Pin> Id, TestUser Owner) pin) =>
        pinboard.PinPictures.UpdateAsync(pin.Id, (body, picture) => body with
        {
            Picture = picture with { State = PictureState.Ready, Hash = AnyHash() },
        }, default);

    async Task<string> LookAsync()
    {
        var person = follows.People[random.Next(follows.People.Count)];
        await pinboard.Get<HomeReader>().ReadAsync(person.Viewer, null, default);
        return $"{person.Name} looks";
    }

    async Task<string> EmptyAsync()
    {
        await emptyAsync();
        return "all feeds are lost";
    }

    /// <summary>One that went with its board is told apart by the answer that it is not there.</summary>
    async Task<string> WithPinAsync(string what, Func<(ObjectId<Pin> Id, TestUser Owner), Task> act)
    {
        if (_pins.Count == 0)
            return "there is no pin";
        var index = random.Next(_pins.Count);
        var pin = _pins[index];
        try
        {
            await act(pin);
            return $"{pin.Id} {what}";
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.NotFound)
        {
            _pins.RemoveAt(index);
            return $"{pin.Id} is gone";
        }
    }

    string AnyHash() => Convert.ToHexStringLower(BitConverter.GetBytes(0x1234567L * (random.Next(Pictures) + 1)))
        .PadRight(64, 'a');
}
