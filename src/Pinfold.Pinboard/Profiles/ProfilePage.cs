using System.Text.Json.Serialization;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Profiles;

/// <summary>The first page of a profile, as its owner or as everybody else sees it; cached whole.</summary>
/// <param name="UserId">Whose it is.</param>
/// <param name="User">What they say of themselves.</param>
/// <param name="Boards">Their newest boards that the viewer may see.</param>
/// <param name="BoardCount">How many boards the viewer may see in all.</param>
/// <param name="PinCount">How many pins the viewer may see in all, exactly.</param>
/// <param name="Pins">Their newest pins that the viewer may see.</param>
/// <param name="Next">The cursor of the next page of pins, or null.</param>
sealed record ProfilePage(
    ObjectId<User> UserId, User User, IReadOnlyList<ListedBoard> Boards, int BoardCount, long PinCount,
    IReadOnlyList<ListedPin> Pins, string? Next);

/// <summary>A board in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Board">The board.</param>
/// <param name="PinCount">How many of its pins the viewer may see, exactly.</param>
/// <param name="Titles">What its newest pins are called that the viewer may see; only of a board without
/// pictures.</param>
sealed record ListedBoard(
    ObjectId<Board> Id, Board Board, long PinCount, IReadOnlyList<string>? Titles = null);

/// <summary>As it lies in the cache.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ProfilePage))]
sealed partial class ProfileJson : JsonSerializerContext;
