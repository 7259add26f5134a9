using System.Globalization;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Links;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Profiles;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>Turns what the pinboard keeps into what pages show.</summary>
static class CardMaker
{
    /// <summary>Of a description, in characters; more is never seen on a card.</summary>
    const int WordsMax = 240;

    public static PinCard Of(ObjectId<Pin> id, Pin pin, Caller caller) => new()
    {
        Id = id.ToString(),
        Title = pin.Title,
        State = StateOf(pin, caller),
        Picture = PictureOf(id, pin),
        Failure = ProblemOf(pin, caller),
        Host = SiteName.Of(pin.Link),
        Note = SiteName.Of(pin.Link),
        IconUrl = pin.Icon is { } icon ? PictureEndpoint.IconUrl(id, icon) : null,
        Words = pin.Description is { } words ? Text.Cut(Text.OneLine(words), WordsMax) : null,
        At = pin.CreatedAt,
        Secret = pin.IsSecret,
        Own = caller.Viewer.Is(pin.Owner),
        SignedIn = caller.Viewer.IsSignedIn,
    };

    public static Feed Feed(IReadOnlyList<ListedPin> pins, string? next, string path, Caller caller) => new(
        [.. pins.Select(p => Of(p.Id, p.Pin, caller))],
        next is null ? null : NextHref(path, next));

    public static string NextHref(string path, string cursor) =>
        $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={cursor}";

    /// <summary>A board of a list, of a person of that user name.</summary>
    public static BoardCard Of(string username, ListedBoard listed) =>
        Of(username, listed.Board, listed.PinCount) with { Titles = listed.Titles ?? [] };

    public static BoardCard Of(string username, Board board, long pinCount) => new(
        Routes.Board(username, board.Slug), board.Name, pinCount, board.IsSecret,
        [.. (board.Covers ?? []).Select(c => Picture(c.Pin, c.Hash, c.Width, c.Height, c.Colour, ""))]);

    /// <summary>One picture of a board; null while it has none.</summary>
    public static ShownPicture? CoverOf(Board board) =>
        board.Covers is [var first, ..] ? Picture(first.Pin, first.Hash, first.Width, first.Height, first.Colour, "")
            : null;

    /// <summary>What went wrong with a pin's picture is told to its owner alone; null for others.</summary>
    public static string? ProblemOf(Pin pin, Caller caller) =>
        caller.Viewer.Is(pin.Owner) && pin.Picture is { State: PictureState.Failed, Problem: var problem }
            ? problem
            : null;

    public static PictureStage StateOf(Pin pin, Caller caller) => pin.Picture switch
    {
        null => PictureStage.None,
        { State: PictureState.Ready } => PictureStage.Ready,
        { State: PictureState.Waiting } => PictureStage.Waiting,
        // A bookmark whose page shows no picture is a bookmark all the same, and to others so is an upload that cannot
        // be read.
        { FetchFrom: not null, Hash: null } when pin.Link is not null => PictureStage.None,
        _ => caller.Viewer.Is(pin.Owner) ? PictureStage.Failed : PictureStage.None,
    };

    public static ShownPicture? PictureOf(ObjectId<Pin> id, Pin pin) =>
        pin.Picture is { State: PictureState.Ready, Hash: { } hash } picture
            ? Picture(id, hash, picture.Width, picture.Height, picture.Colour, pin.Title) with
            {
                FullUrl = PictureEndpoint.FullUrl(id, hash),
                MovingUrl = picture.Motion == PictureMotion.Moves ? PictureEndpoint.MovingUrl(id, hash) : null,
            }
            : null;

    static ShownPicture Picture(ObjectId<Pin> pin, string hash, int width, int height, string? colour, string alt) =>
        new(
        [.. RenditionWidths.For(width)
            .Select(w => new PictureSource(PictureEndpoint.Url(pin, hash, w), Math.Min(w, width)))],
        width, height,
        colour is ['#', ..]
            && int.TryParse(colour.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var rgb) ? rgb
            : 0x888888,
        alt);
}
