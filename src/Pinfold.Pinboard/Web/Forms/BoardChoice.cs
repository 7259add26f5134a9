using Pinfold.Pinboard.Web.Cards;

namespace Pinfold.Pinboard.Web.Forms;

/// <summary>A board that can be chosen in a form.</summary>
/// <param name="Id">Its id, as a form sends it.</param>
/// <param name="Name">As shown.</param>
/// <param name="Secret">Whether only its owner sees it.</param>
/// <param name="Thumb">One of its pictures; null while it has none.</param>
/// <param name="Sections">In the order in which they were made.</param>
internal sealed record BoardChoice(
    string Id, string Name, bool Secret, ShownPicture? Thumb, IReadOnlyList<SectionChoice> Sections)
{
    /// <summary>What a form sends for a section of it.</summary>
    public string PlaceOf(SectionChoice section) => $"{Id}/{section.Id}";
}

internal sealed record SectionChoice(string Id, string Name);
