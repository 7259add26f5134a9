using Pinfold.Sharding;

namespace Pinfold.Pinboard.Pins;

/// <summary>A pin in a list.</summary>
sealed record ListedPin(ObjectId<Pin> Id, Pin Pin);

/// <summary>
/// A part of a list of pins that the viewer may see; it may be short, or empty, while there is a next one.
/// </summary>
sealed record PinPage(IReadOnlyList<ListedPin> Pins, string? Next)
{
    /// <summary>Pins to a page.</summary>
    public const int Size = 50;
}
