namespace Pinfold.Pinboard.Follows;

/// <summary>How somebody follows a board.</summary>
enum BoardFollow
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By itself, whether its owner is followed or not.</summary>
    ByItself,

    /// <summary>Its owner is followed, and so it is.</summary>
    WithItsOwner,

    /// <summary>Its owner is followed, and it is left out.</summary>
    LeftOut,
}
