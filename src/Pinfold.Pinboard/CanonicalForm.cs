using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Pinfold.Pinboard;

/// <summary>
/// Unicode's composed form (NFC, UAX #15). The program runs without ICU, which a machine need not have; .NET takes
/// every text for normalized then.
/// </summary>
static class CanonicalForm
{
    const string Data = "unicode/CanonicalForms.txt";

    /// <summary>What is below is composed already.</summary>
    const char FirstToCompose = '\u0300';

    /// <summary>The block of accents begins where there is something to compose, and ends before this.</summary>
    const char FirstAfterAccents = '\u0370';

    // Syllables of Hangul are put together by counting (The Unicode Standard, 3.12).
    const int Syllables = 0xAC00;
    const int Leads = 0x1100;
    const int LeadCount = 19;
    const int Vowels = 0x1161;
    const int VowelCount = 21;
    const int Tails = 0x11A7;
    const int TailCount = 28;
    const int SyllableCount = LeadCount * VowelCount * TailCount;

    static readonly FrozenDictionary<int, int[]> Parts;
    static readonly FrozenDictionary<(int, int), int> Wholes;
    static readonly FrozenDictionary<int, int> Classes;

    static CanonicalForm()
    {
        var (parts, wholes, classes) =
            (new Dictionary<int, int[]>(), new Dictionary<(int, int), int>(), new Dictionary<int, int>());
        using var data = new StreamReader(typeof(CanonicalForm).Assembly.GetManifestResourceStream(Data)!);
        while (data.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var at = line.AsSpan().IndexOfAny("=>:");
            var (name, value) = (line[..at], line[(at + 1)..]);
            if (line[at] == ':')
            {
                var ends = name.Split('-');
                for (var character = Hex(ends[0]); character <= Hex(ends[^1]); character++)
                    classes[character] = int.Parse(value, CultureInfo.InvariantCulture);
                continue;
            }
            parts[Hex(name)] = [.. value.Split(' ').Select(Hex)];
            if (line[at] == '=')
                wholes[(parts[Hex(name)][0], parts[Hex(name)][1])] = Hex(name);
        }
        (Parts, Wholes) = (parts.ToFrozenDictionary(), wholes.ToFrozenDictionary());
        Classes = classes.ToFrozenDictionary();
    }

    /// <summary>What is no Unicode (half a pair) becomes the replacement character.</summary>
    public static string Compose(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', (char)(FirstToCompose - 1)) < 0)
            return text;
        var characters = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, characters);
        Order(characters);
        PutTogether(characters);
        var composed = new StringBuilder(text.Length);
        foreach (var character in characters)
            composed.Append(new Rune(character));
        return composed.ToString();
    }

    /// <summary>Without the accents of Latin, Greek and Cyrillic letters; all else as <see cref="Compose"/>.</summary>
    public static string WithoutAccents(string text)
    {
        var characters = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, characters);
        characters.RemoveAll(c => c is >= FirstToCompose and < FirstAfterAccents);
        var bare = new StringBuilder(text.Length);
        foreach (var character in characters)
            bare.Append(new Rune(character));
        return Compose(bare.ToString());
    }

    static void Decompose(int character, List<int> to)
    {
        if (character is >= Syllables and < Syllables + SyllableCount)
        {
            var index = character - Syllables;
            to.Add(Leads + (index / (VowelCount * TailCount)));
            to.Add(Vowels + (index / TailCount % VowelCount));
            if (index % TailCount > 0)
                to.Add(Tails + (index % TailCount));
        }
        else if (Parts.TryGetValue(character, out var parts))
            foreach (var part in parts)
                Decompose(part, to);
        else
            to.Add(character);
    }

    /// <summary>Marks on one letter in the order of their classes; those of one class stay as they are.</summary>
    static void Order(List<int> characters)
    {
        for (var at = 0; at < characters.Count; at++)
        {
            var end = at;
            while (end < characters.Count && ClassOf(characters[end]) > 0)
                end++;
            if (end - at < 2)
                continue;
            var marks = characters.GetRange(at, end - at).OrderBy(ClassOf).ToList();
            for (var i = 0; i < marks.Count; i++)
                characters[at + i] = marks[i];
            at = end;
        }
    }

    static void PutTogether(List<int> characters)
    {
        var (kept, starter, lastClass) = (0, -1, 0);
        for (var at = 0; at < characters.Count; at++)
        {
            var character = characters[at];
            var itsClass = ClassOf(character);
            // Between the two may stand only marks that are put on elsewhere.
            var isNext = starter >= 0 && (kept == starter + 1 || (lastClass < itsClass && lastClass > 0));
            if (isNext && Whole(characters[starter], character) is { } whole)
            {
                characters[starter] = whole;
                continue;
            }
            if (itsClass == 0)
                starter = kept;
            lastClass = itsClass;
            characters[kept++] = character;
        }
        characters.RemoveRange(kept, characters.Count - kept);
    }

    static int? Whole(int first, int second)
    {
        if (first is >= Leads and < Leads + LeadCount && second is >= Vowels and < Vowels + VowelCount)
            return Syllables + ((((first - Leads) * VowelCount) + second - Vowels) * TailCount);
        if (first is >= Syllables and < Syllables + SyllableCount
            && (first - Syllables) % TailCount == 0 && second is > Tails and < Tails + TailCount)
            return first + second - Tails;
        return Wholes.TryGetValue((first, second), out var whole) ? whole : null;
    }

    static int ClassOf(int character) => Classes.GetValueOrDefault(character);

    static int Hex(string number) => int.Parse(number, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
