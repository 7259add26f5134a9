namespace Pinfold.Pinboard.Web.Models;

/// <summary>A board as a card: up to three covers, its name and how much is on it.</summary>
internal sealed record BoardCard(
    string Href, string Name, long PinCount, bool Secret, IReadOnlyList<ShownPicture> Covers);

/// <summary>A board that can be chosen in a form.</summary>
internal sealed record BoardChoice(string Id, string Name, bool Secret, IReadOnlyList<SectionChoice> Sections);

internal sealed record SectionChoice(string Id, string Name);

/// <summary>Somebody, named on a page.</summary>
internal sealed record Person(string Username, string DisplayName);
