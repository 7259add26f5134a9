namespace Pinfold.Pinboard.Web.Cards;

/// <summary>
/// The heart of a pin: a button of the page's one form for hearts, so that it works without a script; for who has to
/// sign in first a link; for the pin's owner the count alone.
/// </summary>
/// <param name="Id">Of the pin.</param>
/// <param name="Name">Of the pin, for who hears it alone.</param>
/// <param name="Count">How many like it.</param>
/// <param name="IsLiked">Whether the viewer does.</param>
/// <param name="IsOwn">Whether the pin is theirs.</param>
/// <param name="IsSignedIn">Whether there is anybody to like it.</param>
internal sealed record HeartButton(string Id, string Name, long Count, bool IsLiked, bool IsOwn, bool IsSignedIn)
{
    public string Action => IsLiked ? Routes.UnlikePin(Id) : Routes.LikePin(Id);

    public string Pressed => IsLiked ? "true" : "false";

    public string Number => Count == 0 ? "" : Pinboard.Count.Number(Count);

    public static HeartButton Of(PinCard card) =>
        new(card.Id, card.Name, card.Counts!.Likes, card.Liked, card.Own, card.SignedIn);
}
