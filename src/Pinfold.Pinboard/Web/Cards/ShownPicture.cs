namespace Pinfold.Pinboard.Web.Cards;

/// <summary>A picture to show: its files by width, its size after orientation, its dominant colour.</summary>
/// <param name="Sources">Narrowest first; a small original has fewer.</param>
/// <param name="Colour">0xRRGGBB.</param>
/// <param name="Alt">What the picture shows, in words; empty when nobody said.</param>
internal sealed record ShownPicture(
    IReadOnlyList<PictureSource> Sources, int Width, int Height, int Colour, string Alt)
{
    public string SourceSet => string.Join(", ", Sources.Select(source => $"{source.Url} {source.Width}w"));

    /// <summary>The same picture moving; null for a still one.</summary>
    public string? MovingUrl { get; init; }

    /// <summary>All of it, as it was received but for what the file says beside the picture.</summary>
    public string? FullUrl { get; init; }

    /// <summary>A middle width, for browsers that read no <c>srcset</c>.</summary>
    public string Fallback => Sources[(Sources.Count - 1) / 2].Url;
}

internal sealed record PictureSource(string Url, int Width);

internal enum PictureStage
{
    /// <summary>There is a picture.</summary>
    Ready,

    /// <summary>A bookmark: there never was a picture.</summary>
    None,

    /// <summary>The picture is being fetched or made.</summary>
    Waiting,

    /// <summary>It could not be had; the pin says why.</summary>
    Failed,
}
