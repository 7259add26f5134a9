using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Profiles;

/// <summary>The first page of a profile, as its owner or as everybody else sees it; cached whole.</summary>
/// <param name="UserId">Whose it is.</param>
/// <param name="User">What they say of themselves.</param>
/// <param name="Boards">Their boards, newest first, as far as the viewer may see them.</param>
/// <param name="PinCount">How many pins they have in all; null unless the viewer is they.</param>
/// <param name="Pins">Their newest pins that the viewer may see.</param>
/// <param name="Next">The cursor of the next page of pins, or null.</param>
sealed record ProfilePage(
    ObjectId<User> UserId, User User, IReadOnlyList<ListedBoard> Boards, long? PinCount, IReadOnlyList<ListedPin> Pins,
        string? Next);

/// <summary>A board in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Board">The board.</param>
/// <param name="PinCount">How many of its pins the viewer may see, exactly.</param>
sealed record ListedBoard(ObjectId<Board> Id, Board Board, long PinCount);

/// <summary>A pin in a list.</summary>
sealed record ListedPin(ObjectId<Pin> Id, Pin Pin);

/// <summary>
/// A part of a list of pins that the viewer may see; it may be short, or empty, while there is a next one.
/// </summary>
sealed record PinPage(IReadOnlyList<ListedPin> Pins, string? Next);
