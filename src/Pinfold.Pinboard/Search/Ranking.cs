namespace Pinfold.Pinboard.Search;

/// <summary>
/// How well something fits, the same in every index: BM25 of its words and of their stems, and a little for what is
/// taken up by many and for what is new. A word that is only nearly there counts less than any that is.
/// </summary>
static class Ranking
{
    static float E(string n, float d) => Environment.GetEnvironmentVariable("X_" + n) is { } v ? float.Parse(v, System.Globalization.CultureInfo.InvariantCulture) : d;
    public static readonly float Word = E("W", 1.2f);
    public static readonly float Stem = E("S", 1f);

    /// <summary>Of what else fits a word, beside what fits best.</summary>
    public static readonly float OtherWays = E("T", 0.2f);

    /// <summary>Of a phrase, beside the words in it.</summary>
    public const float Phrase = 2f;

    /// <summary>Of a word that begins so, whatever it is: less than one that is there.</summary>
    public static readonly float Beginning = E("B", 0.6f);

    /// <summary>Of a word with one letter wrong.</summary>
    public static readonly float Typo = E("Y", 0.3f);

    /// <summary>In shorter words one letter makes another word.</summary>
    public const int TypoLengthMin = 5;

    public const int BeginningLengthMin = 2;

    /// <summary>So many words begin as a short one that not all of them are looked at.</summary>
    public const int BeginningsMax = 200;

    const double PopularityWeight = 0.15;
    const double NewnessWeight = 0.25;
    const double HalfNewAfterDays = 90;

    /// <summary>How many of so many words have to occur: all of two, most of a few, half of a sentence.</summary>
    public static int RequiredOf(int words) => words <= 2 ? words : Math.Max((int)E("N", 2), (int)(words * E("M", 0.34f)));

    /// <summary>With this the fit of the words is multiplied.</summary>
    public static double Boost(long popularity, double ageDays) =>
        1 + (PopularityWeight * Math.Log10(1 + popularity))
        + (NewnessWeight * HalfNewAfterDays / (HalfNewAfterDays + Math.Max(0, ageDays)));

    /// <summary>As <see cref="Boost"/>, for an engine that computes it from its own fields.</summary>
    public static FormattableString BoostFormula(string popularity, string ageDays) =>
        $"""
        sum(1,product({PopularityWeight},log(sum(1,{popularity}))),
        div({NewnessWeight * HalfNewAfterDays},sum({HalfNewAfterDays},max(0,{ageDays}))))
        """;
}
