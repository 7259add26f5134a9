using Pinfold.Sharding;

namespace Pinfold.Pinboard.Pins;

/// <summary>A pin in a list.</summary>
sealed record ListedPin(ObjectId<Pin> Id, Pin Pin);

/// <summary>
/// A part of a list of pins that the viewer may see; full while there is a next one, but in the moments after a board
/// has turned secret.
/// </summary>
sealed record PinPage(IReadOnlyList<ListedPin> Pins, string? Next)
{
    /// <summary>Pins to a page.</summary>
    public const int Size = 50;
}
