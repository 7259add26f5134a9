namespace Pinfold.Pinboard;

/// <summary>How far a pin's picture is.</summary>
enum PictureState
{
    /// <summary>To be fetched, or to be made from what was uploaded.</summary>
    Waiting,

    /// <summary>Files, size and colour are there.</summary>
    Ready,

    /// <summary>There is none; <see cref="PinPicture.Problem"/> says why.</summary>
    Failed,
}

/// <summary>Whether a picture moves.</summary>
enum PictureMotion
{
    /// <summary>It is still, or was made before moving ones were.</summary>
    None,

    /// <summary>Its pin's page shows it moving.</summary>
    Moves,

    /// <summary>It moves where it came from; here its first picture is shown, for it is too much.</summary>
    TooMuch,
}

/// <summary>The picture of a pin.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Hash">SHA-256 of the original file, in hex; null until it was received.</param>
/// <param name="FetchFrom">The address to fetch it from, or of a page to find one on; null for an upload.</param>
/// <param name="Width">Upright, in pixels; 0 while unknown.</param>
/// <param name="Height">Upright, in pixels; 0 while unknown.</param>
/// <param name="Colour">Its dominant colour, <c>#rrggbb</c>, or null.</param>
/// <param name="PerceptualHash">64 bits that differ in few places for pictures that look alike.</param>
/// <param name="Problem">Why it failed, for a person.</param>
/// <param name="Bytes">How large the original is; 0 while it is not there.</param>
/// <param name="FetchTries">How often it was looked for in vain, since somebody asked for it.</param>
/// <param name="FetchAgainAt">When it is looked for again by itself, or null if it is not.</param>
sealed record PinPicture(
    PictureState State, string? Hash, string? FetchFrom, int Width, int Height, string? Colour, ulong PerceptualHash,
        string? Problem, long Bytes = 0, int FetchTries = 0, DateTimeOffset? FetchAgainAt = null)
{
    /// <summary>To be fetched from an address, or from the page there.</summary>
    public static PinPicture ToFetch(string address) => new(PictureState.Waiting, null, address, 0, 0, null, 0, null);

    /// <summary>To be made from a file that was received.</summary>
    public static PinPicture Received(string hash, int width, int height, long bytes) =>
        new(PictureState.Waiting, hash, null, width, height, null, 0, null, bytes);

    /// <summary>
    /// As somebody else's pin of the same link shows it: neither what was the matter with it nor where it was fetched
    /// from. What was not received yet, or could not be had, is looked for anew, at the link.
    /// </summary>
    public PinPicture? ForAnotherPin(string? link) => this switch
    {
        { Hash: null } => link is null ? null : ToFetch(link),
        { State: PictureState.Failed } => null,
        _ => this with { FetchFrom = null, Problem = null },
    };

    public PictureMotion Motion { get; init; }
}
