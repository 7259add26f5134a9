namespace Pinfold.Pinboard.Web.Models;

internal sealed record PinView : PageView
{
    public required string Id { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    public PictureStage State { get; init; }
    public ShownPicture? Picture { get; init; }

    /// <summary>Why there is no picture, in one or two sentences; for its owner alone.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether it failed on its way here, not once it was received.</summary>
    public bool FailedToFetch { get; init; }

    /// <summary>Whether this installation fetches at all.</summary>
    public bool CanFetch { get; init; }

    /// <summary>http or https, already checked; null for an upload.</summary>
    public string? SourceUrl { get; init; }
    public string? Host { get; init; }
    public required Person Owner { get; init; }
    public required string BoardName { get; init; }
    public required string BoardHref { get; init; }
    public string? SectionName { get; init; }
    public bool Secret { get; init; }
    public DateTimeOffset At { get; init; }
    public bool Own { get; init; }

    /// <summary>The first pins of the same board; may be empty.</summary>
    public Feed More { get; init; } = Feed.Empty;
}

/// <summary>Posted as multipart to /new: file or url, title, description, board ("new" with newBoard).</summary>
internal sealed record NewPinView : FormView
{
    public string? Url { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    public string? BoardId { get; init; }
    public IReadOnlyList<BoardChoice> Boards { get; init; } = [];
    public required long BytesMax { get; init; }

    public override string Place => "new";
}

/// <summary>The JSON of /new/preview?url=. The picture's address is one of ours: the CSP allows no other.</summary>
internal sealed record LinkPreview(string Host, string? Title, string? Description, string? PictureUrl);

/// <summary>Posted to /pin/{id}/edit as title, description, url, place ("BOARD" or "BOARD/SECTION").</summary>
internal sealed record EditPinView : FormView
{
    public required string Id { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    public string? Url { get; init; }
    public required string BoardId { get; init; }
    public string? SectionId { get; init; }
    public IReadOnlyList<BoardChoice> Boards { get; init; } = [];
    public required PinCard Card { get; init; }
}

/// <summary>Saves a pin to a board of one's own: posted to /pin/{id}/save as board ("new" with newBoard).</summary>
internal sealed record SavePinView : FormView
{
    public required string Id { get; init; }
    public required PinCard Card { get; init; }
    public string? BoardId { get; init; }
    public IReadOnlyList<BoardChoice> Boards { get; init; } = [];
}
