using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Responses;
using Pinfold.Pinboard.Web.Cards;

namespace Pinfold.Pinboard.Web.Pages.ShowPin;

internal sealed record ShowPinView : PageView
{
    public required string Id { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    public PictureStage State { get; init; }
    public ShownPicture? Picture { get; init; }

    /// <summary>The untouched file, for its owner alone; else null.</summary>
    public string? OriginalHref { get; init; }

    /// <summary>How large that file is; 0 where it is not known.</summary>
    public long OriginalBytes { get; init; }

    /// <summary>The pin before this one on its board, and the one after it; null at its ends.</summary>
    public string? PreviousHref { get; init; }
    public string? NextHref { get; init; }

    /// <summary>Whether only the first of a moving picture's pictures is shown, because it is too much.</summary>
    public bool StaysStill { get; init; }

    /// <summary>Why there is no picture, in one or two sentences; for its owner alone.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether it failed on its way here, not once it was received.</summary>
    public bool FailedToFetch { get; init; }

    /// <summary>Whether it is looked for again without being asked.</summary>
    public bool IsFetchedAgain { get; init; }

    /// <summary>Whether this installation fetches at all.</summary>
    public bool CanFetch { get; init; }

    /// <summary>http or https, already checked; null for an upload.</summary>
    public string? SourceUrl { get; init; }

    /// <summary>The site that it leads to, and all of its host.</summary>
    public string? Host { get; init; }
    public string? SourceHost { get; init; }

    /// <summary>That site's own icon; null where none is known.</summary>
    public string? IconUrl { get; init; }
    public required Person Owner { get; init; }
    public required string BoardName { get; init; }
    public required string BoardHref { get; init; }
    public string? SectionName { get; init; }
    public bool Secret { get; init; }
    public DateTimeOffset At { get; init; }
    public bool Own { get; init; }

    /// <summary>Names, as their pages have them.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public required HeartButton Heart { get; init; }
    public required PinCount Counts { get; init; }

    /// <summary>A few of those who like it.</summary>
    public IReadOnlyList<Person> Likers { get; init; } = [];

    /// <summary>Where it was saved from; null for a pin that was not.</summary>
    public ShownOrigin? Origin { get; init; }

    /// <summary>The newest of them.</summary>
    public IReadOnlyList<CommentView> Comments { get; init; } = [];

    /// <summary>Where else the same picture is.</summary>
    public Feed Same { get; init; } = Feed.Empty;

    /// <summary>Pins of which much the same is said.</summary>
    public Feed Related { get; init; } = Feed.Empty;

    /// <summary>The first pins of the same board; may be empty.</summary>
    public Feed More { get; init; } = Feed.Empty;
}
