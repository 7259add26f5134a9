namespace Pinfold.Pinboard.Import.Rows;

/// <summary>Tags that an export wrote into one text.</summary>
static class TagText
{
    /// <summary>Parted by commas, and then of several words each; or, without any comma, by blanks.</summary>
    public static IEnumerable<string> Split(string? text) =>
        string.IsNullOrWhiteSpace(text) ? [] : text.Contains(',') ? text.Split(',') : SplitAtBlanks(text);

    public static string[] SplitAtBlanks(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
