using System.Text.Json.Serialization;
using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>
/// All that the pinboard keeps in shards. Numbers and tables are for ever: they are in ids and journals.
/// </summary>
static class PinboardModel
{
    public static readonly NameKind UsernameKind = new(1, "user name");
    public static readonly NameKind EmailKind = new(2, "email address");

    // A user, their boards and their pins share a shard, so each of these is read beside its owner.
    public static readonly Mapping<User, Credentials> UserHasCredentials = new(1, "user_has_credentials");

    /// <summary>By time of creation; an entry carries the board's slug.</summary>
    public static readonly Mapping<User, Board> UserHasBoards = new(2, "user_has_boards");

    /// <summary>By time of creation; an entry carries how many bytes the pin's picture takes.</summary>
    public static readonly Mapping<User, Pin> UserHasPins = new(3, "user_has_pins");
    public static readonly Mapping<Board, Pin> BoardHasPins = new(4, "board_has_pins");

    /// <summary>The secret ones among a board's pins, so that a visitor's count is exact too.</summary>
    public static readonly Mapping<Board, Pin> BoardHasSecretPins = new(5, "board_has_secret_pins");
    public static readonly Mapping<Board, Section> BoardHasSections = new(6, "board_has_sections");
    public static readonly Mapping<Section, Pin> SectionHasPins = new(7, "section_has_pins");

    /// <summary>By a hash of where the pin came from: what makes an import idempotent.</summary>
    public static readonly Mapping<User, Pin> UserHasImportedPins = new(8, "user_has_imported_pins");
    public static readonly Mapping<User, ImportJob> UserHasImports = new(9, "user_has_imports");

    /// <summary>Pins whose pictures are still to be fetched: their count says how long an import goes on.</summary>
    public static readonly Mapping<User, Pin> UserAwaitsPictures = new(51, "user_awaits_pictures");

    /// <summary>
    /// Who uses a picture: on the picture's shard, kept by a follower; none left means its files can go.
    /// </summary>
    public static readonly Mapping<Picture, Pin> PictureHasPins = new(10, "picture_has_pins");

    /// <summary>A budget of a person's own, as the body of the one entry, which leads back to them.</summary>
    public static readonly Mapping<User, User> UserHasBudget = new(15, "user_has_budget");

    public static readonly ShardingModel Sharding = new(
        [Pin.Type, Board.Type, User.Type, Section.Type, Credentials.Type, ImportJob.Type, Picture.Type],
        [
            UserHasCredentials, UserHasBoards, UserHasPins, BoardHasPins, BoardHasSecretPins, BoardHasSections,
                SectionHasPins,
            UserHasImportedPins, UserHasImports, UserAwaitsPictures, PictureHasPins, UserHasBudget,
        ],
        [UsernameKind, EmailKind]);
}

/// <summary>Bodies as JSON, without reflection at run time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(Pin))]
[JsonSerializable(typeof(Board))]
[JsonSerializable(typeof(Section))]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(Credentials))]
[JsonSerializable(typeof(ImportJob))]
[JsonSerializable(typeof(Picture))]
[JsonSerializable(typeof(Budget))]
sealed partial class PinboardJson : JsonSerializerContext;
