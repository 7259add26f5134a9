namespace Pinfold.Pinboard.Import.Rows;

/// <summary>When an entry was first kept, as its source says.</summary>
/// <param name="At">Null if it does not say.</param>
/// <param name="Problem">What it says instead, for a person; then there is no time.</param>
readonly record struct SourceTime(DateTimeOffset? At, string? Problem = null)
{
    const int ShownLengthMax = 60;

    /// <summary>What is done about a time that does not serve.</summary>
    const string Consequence = "the pin stands beside its neighbours in the file.";

    public static SourceTime Unreadable(string text) =>
        new(null, $"The date “{Text.Cut(Text.OneLine(text), ShownLengthMax)}” cannot be read; {Consequence}");

    public static SourceTime OutOfRange(string text) =>
        new(null, $"The date “{Text.Cut(Text.OneLine(text), ShownLengthMax)}” is out of range; {Consequence}");
}
