using System.Globalization;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>Turns what the pinboard keeps into what pages show.</summary>
static class CardMaker
{
    public static PinCard Of(ObjectId<Pin> id, Pin pin, Caller caller) => new()
    {
        Id = id.ToString(),
        Title = pin.Title,
        State = StateOf(pin, caller),
        Picture = PictureOf(id, pin),
        Failure = ProblemOf(pin, caller),
        Host = HostOf(pin.Link),
        Note = HostOf(pin.Link),
        Secret = pin.IsSecret,
        Saveable = caller.Viewer.IsSignedIn,
    };

    public static Feed Feed(IReadOnlyList<ListedPin> pins, string? next, string path, Caller caller) => new(
        [.. pins.Select(p => Of(p.Id, p.Pin, caller))],
        next is null ? null : PageAt(path, next));

    public static string PageAt(string path, string cursor) =>
        $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={cursor}";

    public static BoardCard Of(string username, Board board, long pinCount) => new(
        Routes.Board(username, board.Slug), board.Name, pinCount, board.IsSecret,
        [.. (board.Covers ?? []).Select(c => Picture(c.Pin, c.Hash, c.Width, c.Height, c.Colour, ""))]);

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
                MovingUrl = picture.Motion == PictureMotion.Moves ? PictureEndpoint.MovingUrl(id, hash) : null,
            }
            : null;

    public static string? HostOf(string? link) =>
        Uri.TryCreate(link, UriKind.Absolute, out var uri) ? uri.Host.StartsWith("www.", StringComparison.Ordinal)
            ? uri.Host[4..] : uri.Host : null;

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
