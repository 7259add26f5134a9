using System.Collections.Frozen;
using System.Text;

namespace Pinfold.Pinboard.Search.Words;

/// <summary>Letters as they are compared: small, without accents, "ß" as "ss", full-width ones as narrow
/// ones.</summary>
static class WordFolding
{
    /// <summary>Letters that no accent makes, so that taking it away leaves no other.</summary>
    static readonly FrozenDictionary<char, string> Spelled = new Dictionary<char, string>
    {
        ['ß'] = "ss",
        ['æ'] = "ae",
        ['œ'] = "oe",
        ['ø'] = "o",
        ['đ'] = "d",
        ['ð'] = "d",
        ['þ'] = "th",
        ['ł'] = "l",
        ['ı'] = "i",
        ['ħ'] = "h",
        ['ŧ'] = "t",
        ['ŋ'] = "n",
        ['ĸ'] = "k",
        ['ſ'] = "s",
    }.ToFrozenDictionary();

    public static string Fold(string word)
    {
        if (Ascii.IsValid(word))
            return word.ToLowerInvariant();
        var folded = new StringBuilder(word.Length);
        foreach (var rune in CanonicalForm.WithoutAccents(word.ToLowerInvariant()).EnumerateRunes())
            if (rune.Value is >= 0xFF01 and <= 0xFF5E)
                folded.Append(char.ToLowerInvariant((char)(rune.Value - 0xFF01 + '!')));
            else if (rune.IsBmp && Spelled.TryGetValue((char)rune.Value, out var spelled))
                folded.Append(spelled);
            else
                folded.Append(rune);
        return folded.ToString();
    }
}
