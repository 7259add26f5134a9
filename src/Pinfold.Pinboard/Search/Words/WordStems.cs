using Lucene.Net.Analysis.De;
using Lucene.Net.Tartarus.Snowball.Ext;

namespace Pinfold.Pinboard.Search.Words;

/// <summary>
/// What inflected forms of a word have in common, as English and as German: nobody says which language a pin is in, so
/// both count. Of a pair of ideographs it is each of the two.
/// </summary>
static class WordStems
{
    const int LengthMin = 3;

    /// <summary>One has a buffer, so a thread has its own.</summary>
    static readonly ThreadLocal<EnglishStemmer> EnglishStemmers = new(() => new EnglishStemmer());

    static readonly GermanLightStemmer German = new();

    /// <summary>One or two, each once.</summary>
    public static IEnumerable<string> Of(Word word) => word.IsIdeographic
        ? word.Form.EnumerateRunes().Select(rune => rune.ToString()).Distinct()
        : Of(word.Form);

    static IEnumerable<string> Of(string form)
    {
        if (form.Length < LengthMin || !form.All(char.IsAsciiLetter))
            return [form];
        var (english, german) = (English(form), OfGerman(form));
        return english == german ? [english] : [english, german];
    }

    static string English(string form)
    {
        var stemmer = EnglishStemmers.Value!;
        stemmer.SetCurrent(form);
        stemmer.Stem();
        return stemmer.Current;
    }

    /// <summary>"Mueller" is Müller, and that was folded to "muller".</summary>
    static string OfGerman(string form)
    {
        var letters = form.Replace("ae", "a", StringComparison.Ordinal).Replace("oe", "o", StringComparison.Ordinal)
            .Replace("ue", "u", StringComparison.Ordinal).ToCharArray();
        return new string(letters, 0, German.Stem(letters, letters.Length));
    }
}
