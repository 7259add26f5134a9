using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Search.Finding;
using Pinfold.Pinboard.Web.Styles;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>A pin as it lies in a grid. Its height follows from this record alone, before any script runs.</summary>
internal sealed record PinCard
{
    private const int NoteLength = 90;

    public required string Id { get; init; }
    public string? Title { get; init; }
    public PictureStage State { get; init; }

    /// <summary>Set when <see cref="State"/> is <see cref="PictureStage.Ready"/>.</summary>
    public ShownPicture? Picture { get; init; }

    /// <summary>Why there is no picture, short enough for a card: "The address answered 404".</summary>
    public string? Failure { get; init; }

    /// <summary>The site that the pin leads to, as "example.org"; null for an upload.</summary>
    public string? Host { get; init; }

    /// <summary>The site's own icon; null where none is known.</summary>
    public string? IconUrl { get; init; }

    /// <summary>The beginning of its description, on one line; null for none.</summary>
    public string? Words { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The quiet second line: usually the host, or the board on pages that mix boards.</summary>
    public string? Note { get; init; }

    /// <summary>The title in parts, where some of it was looked for; null for as it is.</summary>
    public IReadOnlyList<TextPart>? TitleParts { get; init; }

    /// <summary>Likewise for the second line.</summary>
    public IReadOnlyList<TextPart>? NoteParts { get; init; }

    public bool Secret { get; init; }

    /// <summary>Whether it is the viewer's own.</summary>
    public bool Own { get; init; }

    /// <summary>Whether somebody is signed in; to save it, others sign in first.</summary>
    public bool SignedIn { get; init; }

    /// <summary>How often others took it up; null where nobody asked.</summary>
    public PinCount? Counts { get; init; }

    /// <summary>Whether the viewer likes it.</summary>
    public bool Liked { get; init; }

    /// <summary>Whether there is something to show of that, or to press.</summary>
    public bool HasResponses => Counts is { } counts
        && ((SignedIn && !Own) || counts.Likes + counts.Comments + counts.Repins > 0);

    public string Name => Said(Title) ?? Said(Picture?.Alt) ?? Host ?? "Untitled pin";

    /// <summary>A tile carries its title itself, so nothing is written below it.</summary>
    public bool IsTile => State == PictureStage.None;

    public string Classes
    {
        get
        {
            var ratio = State switch
            {
                PictureStage.Ready => FeedGrid.Ratio(Picture!.Width, Picture.Height),
                PictureStage.None => FeedGrid.TileRatio(Name.Length, Words?.Length ?? 0),
                PictureStage.Waiting => FeedGrid.RatioSteps,
                _ => FeedGrid.RatioSteps * 3 / 4,
            };
            var lines = IsTile ? "" : " " + FeedGrid.TitleLines(Title?.Length ?? 0);
            var note = !IsTile && (Note is not null || Secret) ? " m1" : "";
            var live = State == PictureStage.Waiting ? " live" : "";
            return $"pin r{ratio}{lines}{note}{live}";
        }
    }

    /// <summary>In a list, where it has no height of its own.</summary>
    public string RowClasses => State == PictureStage.Waiting ? "pin row live" : "pin row";
    /// <summary>With what was looked for marked: in the title, else in some of the description.</summary>
    public PinCard Marked(Highlights highlights, Pin pin)
    {
        var title = string.IsNullOrEmpty(Title) ? null : highlights.In(Title);
        var isInTitle = title?.Any(part => part.IsMarked) == true;
        var excerpt = isInTitle || IsTile || pin.Description is null ? null
            : highlights.Excerpt(Text.OneLine(pin.Description), NoteLength);
        return this with
        {
            TitleParts = isInTitle ? title : null,
            NoteParts = excerpt,
            Note = excerpt is null ? Note : string.Concat(excerpt.Select(part => part.Text)),
        };
    }

    private static string? Said(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

/// <summary>One page of pins. <paramref name="NextHref"/> is null on the last one.</summary>
internal sealed record Feed(IReadOnlyList<PinCard> Pins, string? NextHref)
{
    public static readonly Feed Empty = new([], null);

    /// <summary>There is nothing, here or further on.</summary>
    public bool IsEmpty => Pins.Count == 0 && NextHref is null;
}
