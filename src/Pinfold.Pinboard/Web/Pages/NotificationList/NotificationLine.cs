using Pinfold.Pinboard.Notifications;
using Pinfold.Pinboard.Web.Cards;

namespace Pinfold.Pinboard.Web.Pages.NotificationList;

/// <summary>One line of the list: who, and how many others, did what with which thing.</summary>
internal sealed record NotificationLine
{
    const int WordsMax = 160;
    const int TitleMax = 80;

    /// <summary>Who did it last; null where nobody did.</summary>
    public Person? By { get; init; }

    /// <summary>", Bo and 3 others", or nothing: what stands behind the first name.</summary>
    public string Others { get; init; } = "";

    /// <summary>What was done, up to the thing: "liked".</summary>
    public required string Did { get; init; }

    /// <summary>The thing as it is called; null where it is oneself.</summary>
    public string? Thing { get; init; }

    /// <summary>Where the thing is.</summary>
    public required string Href { get; init; }

    /// <summary>What was written; null for nothing.</summary>
    public string? Words { get; init; }

    public ShownPicture? Picture { get; init; }
    public DateTimeOffset At { get; init; }
    public bool IsUnread { get; init; }

    /// <summary>As one sentence without links.</summary>
    public string Sentence => $"{By?.DisplayName}{Others} {Did}{(Thing is null ? "" : $" {Thing}")}".Trim() + ".";

    public static NotificationLine Of(NotificationGroup group, string username)
    {
        var newest = group.Newest;
        var line = new NotificationLine
        {
            By = newest.By is { } by ? PersonOf(by.Body) : null,
            Others = OthersOf(group.People),
            Did = "",
            Href = Routes.Home,
            At = group.At,
            IsUnread = group.IsUnread,
        };
        return group.Kind switch
        {
            NotificationKind.Follow => line with
            {
                Did = group.People.Count > 1 ? "follow you" : "follows you",
                Href = Routes.Followers(username),
            },
            NotificationKind.BoardFollow => line with
            {
                Did = group.People.Count > 1 ? "follow your board" : "follows your board",
                Thing = newest.Board!.Body.Name,
                Href = Routes.Board(username, newest.Board.Body.Slug),
                Picture = CardMaker.CoverOf(newest.Board.Body),
            },
            NotificationKind.Repin => OfPin(line, newest, "saved"),
            NotificationKind.Like => OfPin(line, newest, "liked"),
            NotificationKind.Comment => OfPin(line, newest, "commented on") with
            {
                Words = Text.Cut(Text.OneLine(newest.Comment!.Body.Text), WordsMax),
            },
            _ => OfImport(line, newest),
        };
    }

    static NotificationLine OfPin(NotificationLine line, ShownNotification newest, string did) => line with
    {
        Did = did,
        Thing = newest.Pin!.Body.Title is { Length: > 0 } title ? Text.Cut(Text.OneLine(title), TitleMax) : "your pin",
        Href = Routes.Pin(newest.Pin.Id.ToString()),
        Picture = CardMaker.PictureOf(newest.Pin.Id, newest.Pin.Body),
    };

    static NotificationLine OfImport(NotificationLine line, ShownNotification newest)
    {
        var import = newest.Import!;
        var isDone = import.Body.State == ImportState.Done;
        return line with
        {
            Did = isDone ? "Finished importing" : "Could not import all of",
            Thing = Text.Cut(Text.OneLine(import.Body.FileName), TitleMax),
            Href = Routes.ImportRun(import.Id.ToString()),
            Words = $"{Count.Of(import.Body.Tally.Added, "pin")} added.",
        };
    }

    static string OthersOf(IReadOnlyList<Pinfold.Sharding.Stored<User>> people) => people.Count switch
    {
        < 2 => "",
        2 => $" and {NameOf(people[1].Body)}",
        var count => $" and {Count.Of(count - 1, "other")}",
    };

    static Person PersonOf(User user) => new(user.Username, NameOf(user));

    static string NameOf(User user) => user.DisplayName is { Length: > 0 } name ? name : user.Username;
}
