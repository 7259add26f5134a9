namespace Pinfold.Pinboard.Search;

/// <summary>
/// How well something fits, the same in every index: BM25 of its words and of their stems, and a little for what is
/// taken up by many and for what is new. A word that is only nearly there counts less than any that is.
/// </summary>
static class Ranking
{
    public const float Word = 1f;
    public const float Stem = 1f;

    /// <summary>
    /// A word fits by itself, by a stem, or nearly: the best counts, and so much of the others. Counting them made the
    /// order worse on both sets of judged questions.
    /// </summary>
    public const float OtherWays = 0f;

    /// <summary>Of a phrase, beside the words in it.</summary>
    public const float Phrase = 2f;

    /// <summary>Of a word that begins so, whatever it is: less than one that is there.</summary>
    public const float Beginning = 0.4f;

    /// <summary>Of a word with one letter wrong.</summary>
    public const float Typo = 0.1f;

    /// <summary>In shorter words one letter makes another word.</summary>
    public const int TypoLengthMin = 5;

    public const int BeginningLengthMin = 2;

    /// <summary>So many words begin as a short one that not all of them are looked at.</summary>
    public const int BeginningsMax = 200;

    const double PopularityWeight = 0.15;
    const double NewnessWeight = 0.25;
    const double HalfNewAfterDays = 90;

    /// <summary>
    /// How many of so many words have to occur: all of two, two of a few, a third of a sentence. What has more of them
    /// comes first in any case.
    /// </summary>
    public static int RequiredOf(int words) => words <= 2 ? words : Math.Max(2, words / 3);

    /// <summary>With this the fit of the words is multiplied.</summary>
    public static double Boost(long popularity, double ageDays) =>
        1 + (popularity == 0 ? 0 : PopularityWeight * Math.Log10(1 + popularity))
        + (NewnessWeight * HalfNewAfterDays / (HalfNewAfterDays + Math.Max(0, ageDays)));

    /// <summary>As <see cref="Boost"/>, for an engine that computes it from its own fields.</summary>
    public static FormattableString BoostFormula(string popularity, string ageDays) =>
        $"""
        sum(1,product({PopularityWeight},log(sum(1,{popularity}))),
        div({NewnessWeight * HalfNewAfterDays},sum({HalfNewAfterDays},max(0,{ageDays}))))
        """;
}
