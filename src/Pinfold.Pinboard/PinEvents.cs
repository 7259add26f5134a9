namespace Pinfold.Pinboard;

/// <summary>What the pinboard says to its own followers through the journal.</summary>
static class PinEvents
{
    /// <summary>A pin does not use a picture any more; the payload is the picture's hash.</summary>
    public const string PictureReleased = "picture_released";

    /// <summary>A pin shows another picture, or one where there was none.</summary>
    public const string PictureTurned = "picture_turned";

    /// <summary>A board turned secret, or secret no more: its pins are to be listed accordingly.</summary>
    public const string BoardTurned = "board_turned";

    /// <summary>A board has another name: its pins are found by that.</summary>
    public const string BoardRenamed = "board_renamed";

    /// <summary>Somebody was disabled, or is no more: they are found accordingly.</summary>
    public const string AccountTurned = "account_turned";

    /// <summary>What this transaction does was so before, elsewhere: nobody is told of it.</summary>
    public const string NoNews = "no_news";

    /// <summary>A pin, a board or a person is not found as it is: it is to be written to every index anew.</summary>
    public const string FindAgain = "find_again";
}
