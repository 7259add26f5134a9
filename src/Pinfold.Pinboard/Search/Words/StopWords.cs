using System.Collections.Frozen;

namespace Pinfold.Pinboard.Search.Words;

/// <summary>Words that say nothing beside others; looked for alone, or in a phrase, they count.</summary>
static class StopWords
{
    static readonly FrozenSet<string> English = Set(
        "a an and are as at be been by can could did do does for from had has have how i in into is it its may must no "
        + "not of on or so such than that the their them then there these they this to too was were what when where "
        + "which who why will with would you your");

    static readonly FrozenSet<string> German = Set(
        "aber als an auch auf aus bei bis da das dass dem den der des die du durch ein eine einem einen einer "
        + "eines er es fur hatte ich ihr im in ins ist ja kann mein mit nach nicht noch nur oder ohne sein "
        + "sich sie sind so uber um und uns unter vom von vor was wie wir wird zu zum zur");

    public static bool Has(string form) => English.Contains(form) || German.Contains(form);

    static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
