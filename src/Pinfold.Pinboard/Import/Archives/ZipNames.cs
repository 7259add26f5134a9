using System.Text;

namespace Pinfold.Pinboard.Import.Archives;

/// <summary>
/// Says what the names in an archive are. Where an archive does not say how they are written it is CP437, as the
/// format has it, unless all such names together are certainly Japanese or Chinese: Windows writes its own code page
/// there.
/// </summary>
static class ZipNames
{
    /// <summary>
    /// By so much must what speaks for a language outweigh what speaks against it: the fewest are two characters of
    /// one word.
    /// </summary>
    const int CertainFrom = 2;

    /// <summary>In the order of <paramref name="names"/>.</summary>
    public static IReadOnlyList<string> Decode(IReadOnlyList<ZipName> names)
    {
        var encoding = Guess([.. names.Where(name => name.Text is null).Select(name => name.Bytes)]);
        return [.. names.Select(name => name.Text ?? encoding.GetString(name.Bytes))];
    }

    static Encoding Guess(IReadOnlyList<byte[]> names)
    {
        var (japanese, chinese) = (Score(names, ShiftJisName.Score), Score(names, GbkName.Score));
        if (japanese >= CertainFrom && japanese > chinese)
            return CodePage(932);
        return CodePage(chinese >= CertainFrom && chinese > japanese ? 936 : 437);
    }

    /// <summary>Of all together: one that cannot be in the encoding speaks for all.</summary>
    static int Score(IReadOnlyList<byte[]> names, Func<byte[], int?> score)
    {
        var sum = 0;
        foreach (var name in names)
            if (score(name) is { } found)
                sum += found;
            else
                return int.MinValue;
        return sum;
    }

    static Encoding CodePage(int number) => CodePagesEncodingProvider.Instance.GetEncoding(number)!;
}
