namespace Pinfold.Pinboard.Search.Words;

/// <summary>A word of a text as it is looked for.</summary>
/// <param name="Form">In lower case, without accents; of Chinese, Japanese and Korean two characters.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="Length">How long it is there.</param>
/// <param name="IsIdeographic">Whether it is such a pair, or a character that stands alone.</param>
readonly record struct Word(string Form, int Start, int Length, bool IsIdeographic)
{
    /// <summary>What is longer is cut: nobody types it.</summary>
    public const int LengthMax = 64;
}
