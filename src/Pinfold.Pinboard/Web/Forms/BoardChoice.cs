namespace Pinfold.Pinboard.Web.Forms;

/// <summary>A board that can be chosen in a form.</summary>
internal sealed record BoardChoice(string Id, string Name, bool Secret, IReadOnlyList<SectionChoice> Sections);

internal sealed record SectionChoice(string Id, string Name);
