namespace Pinfold.Pinboard.Web.Cards;

/// <summary>
/// A board as a card: up to three covers, or without any what its newest pins are called; its name and how much is on
/// it.
/// </summary>
internal sealed record BoardCard(
    string Href, string Name, long PinCount, bool Secret, IReadOnlyList<ShownPicture> Covers)
{
    public IReadOnlyList<string> Titles { get; init; } = [];

    /// <summary>Whose it is, among boards of several people.</summary>
    public string? By { get; init; }
}
