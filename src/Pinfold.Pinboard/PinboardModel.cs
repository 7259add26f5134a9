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

    /// <summary>What only one person of the whole installation can be.</summary>
    public static readonly NameKind RoleKind = new(3, "role");

    // A user, their boards and their pins share a shard, so each of these is read beside its owner.
    public static readonly Mapping<User, Credentials> UserHasCredentials = new(1, "user_has_credentials");

    /// <summary>By time of creation; an entry carries the board's slug.</summary>
    public static readonly Mapping<User, Board> UserHasBoards = new(2, "user_has_boards");

    /// <summary>By time of creation; an entry carries how many bytes the pin's picture takes.</summary>
    public static readonly Mapping<User, Pin> UserHasPins = new(3, "user_has_pins");
    public static readonly Mapping<Board, Pin> BoardHasPins = new(4, "board_has_pins");

    // 5 was board_has_secret_pins, of an earlier version; its entries are read by nobody.
    public static readonly Mapping<Board, Section> BoardHasSections = new(6, "board_has_sections");
    public static readonly Mapping<Section, Pin> SectionHasPins = new(7, "section_has_pins");

    /// <summary>By a hash of where the pin came from: what makes an import idempotent.</summary>
    public static readonly Mapping<User, Pin> UserHasImportedPins = new(8, "user_has_imported_pins");
    public static readonly Mapping<User, ImportJob> UserHasImports = new(9, "user_has_imports");

    /// <summary>Pins whose pictures are still to be fetched: their count says how long an import goes on.</summary>
    public static readonly Mapping<User, Pin> UserAwaitsPictures = new(24, "user_awaits_pictures");

    /// <summary>
    /// Who uses a picture: on the picture's shard, kept by a follower; none left means its files can go.
    /// </summary>
    public static readonly Mapping<Picture, Pin> PictureHasPins = new(10, "picture_has_pins");

    /// <summary>A budget of a person's own, as the body of the one entry, which leads back to them.</summary>
    public static readonly Mapping<User, User> UserHasBudget = new(15, "user_has_budget");

    public static readonly Mapping<User, Session> UserHasSessions = new(11, "user_has_sessions");

    /// <summary>
    /// By time. An entry is a try and leads to nothing: its end only tells it from others, its body is a hash of who
    /// tried.
    /// </summary>
    public static readonly Mapping<User, Session> UserHasWrongPasswords = new(12, "user_has_wrong_passwords")
    {
        LeadsToObjects = false,
    };

    /// <summary>By time: what was done to an account. An entry's body is the <see cref="AuditEntry"/>.</summary>
    public static readonly Mapping<User, AuditEntry> UserHasAuditEntries = new(13, "user_has_audit_entries");

    /// <summary>As the log; apart from it, so that nobody can push others out of it from outside.</summary>
    public static readonly Mapping<User, AuditEntry> UserHasWrongPasswordHours =
        new(14, "user_has_wrong_password_hours");

    /// <summary>By time.</summary>
    public static readonly Mapping<User, Invitation> UserHasInvitations = new(16, "user_has_invitations");
    // What everybody may see is listed by itself: a visitor's page and count are exact, and cost the same whatever is
    // kept from them. The lists of boards and sections go by the pin alone; who may see no board asks for none of its.
    public static readonly Mapping<User, Board> UserHasPublicBoards = new(17, "user_has_public_boards");
    public static readonly Mapping<User, Pin> UserHasPublicPins = new(18, "user_has_public_pins");
    public static readonly Mapping<Board, Pin> BoardHasPublicPins = new(19, "board_has_public_pins");
    public static readonly Mapping<Section, Pin> SectionHasPublicPins = new(20, "section_has_public_pins");

    // A board has an entry, its owner, in one of these two: what rests on its being secret or not requires the other
    // to be empty.
    public static readonly Mapping<Board, User> BoardIsPublic = new(21, "board_is_public");
    public static readonly Mapping<Board, User> BoardIsSecret = new(22, "board_is_secret");

    /// <summary>By time: the pins of a shard whose pictures are looked for again then.</summary>
    public static readonly Mapping<Picture, Pin> PinsToFetchAgain = new(23, "pins_to_fetch_again");

    /// <summary>By time. A follow of a person covers all their boards, also those that they make later.</summary>
    public static readonly Mapping<User, User> UserFollowsUser = new(25, "user_follows_user");
    public static readonly Mapping<User, User> UserFollowedByUser =
        UserFollowsUser.Reverse(26, "user_followed_by_user");

    /// <summary>By time; an entry carries the board's owner.</summary>
    public static readonly Mapping<User, Board> UserFollowsBoard = new(27, "user_follows_board");
    public static readonly Mapping<Board, User> BoardFollowedByUser =
        UserFollowsBoard.Reverse(28, "board_followed_by_user");

    /// <summary>Boards that a follow of their owner does not cover; by the owner's id.</summary>
    public static readonly Mapping<User, Board> UserLeavesOutBoard = new(29, "user_leaves_out_board");

    /// <summary>By time.</summary>
    public static readonly Mapping<User, User> UserBlocksUser = new(30, "user_blocks_user");
    public static readonly Mapping<User, User> UserBlockedByUser =
        UserBlocksUser.Reverse(31, "user_blocked_by_user");

    /// <summary>By time. All that one person likes; who may not see a pin any more is not shown it.</summary>
    public static readonly Mapping<User, Pin> UserLikesPin = new(32, "user_likes_pin");
    public static readonly Mapping<Pin, User> PinLikedByUser = UserLikesPin.Reverse(33, "pin_liked_by_user");

    /// <summary>By time; an entry carries the pin that the comment is of.</summary>
    public static readonly Mapping<User, Comment> UserHasComments = new(39, "user_has_comments");

    /// <summary>By time of the comment. One entry, which goes with the comment.</summary>
    public static readonly Mapping<Comment, Pin> CommentIsOnPin = new(40, "comment_is_on_pin");
    public static readonly Mapping<Pin, Comment> PinHasComments = CommentIsOnPin.Reverse(34, "pin_has_comments");

    /// <summary>
    /// By time of the saved pin, while everybody may see that: the pin that was saved, and the one from which all of it
    /// comes, if that is another.
    /// </summary>
    public static readonly Mapping<Pin, Pin> PinSavedFromPin = new(43, "pin_saved_from_pin");
    public static readonly Mapping<Pin, Pin> PinHasRepins = PinSavedFromPin.Reverse(35, "pin_has_repins");

    /// <summary>
    /// By time: what a person is told of, the newest 500. An entry leads to nothing: its end only tells it from others,
    /// its body is the <see cref="Notification"/>.
    /// </summary>
    public static readonly Mapping<User, Notification> UserHasNotifications = new(36, "user_has_notifications");

    /// <summary>Those of them that the person has not seen.</summary>
    public static readonly Mapping<User, Notification> UserHasUnreadNotifications =
        new(41, "user_has_unread_notifications");

    /// <summary>What of it a person has switched off, as the body of the one entry, which leads back to them.</summary>
    public static readonly Mapping<User, User> UserHasNotificationSwitches = new(42, "user_has_notification_switches");

    /// <summary>By time of last use: the boards on which a person put a pin by hand, the latest offered
    /// first.</summary>
    public static readonly Mapping<User, Board> UserUsedBoards = new(37, "user_used_boards");

    public static readonly ShardingModel Sharding = new(
        [Pin.Type, Board.Type, User.Type, Section.Type, Credentials.Type, ImportJob.Type, Picture.Type,
            Session.Type, AuditEntry.Type, Invitation.Type, Comment.Type, Notification.Type],
        [
            UserHasCredentials, UserHasBoards, UserHasPins, BoardHasPins, BoardHasSections, SectionHasPins,
            UserHasPublicBoards, UserHasPublicPins, BoardHasPublicPins, SectionHasPublicPins, BoardIsPublic,
            BoardIsSecret, UserHasImportedPins, UserHasImports, PictureHasPins, UserHasBudget, UserHasSessions,
            UserHasWrongPasswords, UserHasAuditEntries, UserHasWrongPasswordHours, UserHasInvitations, PinsToFetchAgain,
            UserAwaitsPictures, UserFollowsUser, UserFollowedByUser, UserFollowsBoard, BoardFollowedByUser,
            UserLeavesOutBoard, UserBlocksUser, UserBlockedByUser, UserUsedBoards, UserLikesPin, PinLikedByUser,
            UserHasComments, CommentIsOnPin, PinHasComments, PinSavedFromPin, PinHasRepins, UserHasNotifications,
            UserHasUnreadNotifications, UserHasNotificationSwitches,
        ],
        [UsernameKind, EmailKind, RoleKind]);
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
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(Invitation))]
[JsonSerializable(typeof(Comment))]
[JsonSerializable(typeof(Notification))]
sealed partial class PinboardJson : JsonSerializerContext;
