namespace Pinfold.Pinboard.Web.Cards;

/// <summary>Somebody in a list, and a button to follow them; null for oneself.</summary>
internal sealed record PersonCard(Person Person, FollowControl? Follow);
