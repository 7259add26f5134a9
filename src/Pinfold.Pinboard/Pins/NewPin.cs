using Pinfold.Sharding;

namespace Pinfold.Pinboard.Pins;

/// <summary>A pin to be made.</summary>
sealed record NewPin(ObjectId<Board> Board)
{
    public ObjectId<Section> Section { get; init; }

    public (ObjectId<Board> Board, ObjectId<Section> Section) Place => (Board, Section);

    public string? Title { get; init; }

    public string? Description { get; init; }

    public string? Link { get; init; }

    public bool IsSecret { get; init; }

    /// <summary>Null for now.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>As <see cref="Pin.Order"/>.</summary>
    public long? Order { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public PinPicture? Picture { get; init; }

    /// <summary>As <see cref="Pin.Icon"/>.</summary>
    public string? Icon { get; init; }

    /// <summary>As <see cref="Pin.Origin"/>.</summary>
    public PinOrigin? Origin { get; init; }

    /// <summary>Where an import has it from; a person has at most one pin of each.</summary>
    public string? ImportKey { get; init; }
}
