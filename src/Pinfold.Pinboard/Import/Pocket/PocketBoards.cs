namespace Pinfold.Pinboard.Import.Pocket;

/// <summary>What was read and what was not, as Pocket calls it in its exports, as boards.</summary>
static class PocketBoards
{
    public static string Of(string status) => status.Trim().ToLowerInvariant() switch
    {
        "unread" or "0" => "Unread",
        "archive" or "read archive" or "read" or "1" => "Archive",
        _ => status,
    };
}
