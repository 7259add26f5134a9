namespace Pinfold.Pinboard.Web.Cards;

/// <summary>A board as a card: up to three covers, its name and how much is on it.</summary>
internal sealed record BoardCard(
    string Href, string Name, long PinCount, bool Secret, IReadOnlyList<ShownPicture> Covers)
{
    /// <summary>Whose it is, among boards of several people.</summary>
    public string? By { get; init; }
}
