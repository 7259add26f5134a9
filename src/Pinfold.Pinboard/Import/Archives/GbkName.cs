using System.Text;

namespace Pinfold.Pinboard.Import.Archives;

/// <summary>
/// How much a name looks like Chinese in GBK: its characters are among the 3,755 common ones of GB 2312, and most of
/// them among the few hundred that names are made of. Korean and Cyrillic names have the first too, by accident;
/// accented letters of CP437 have not.
/// </summary>
static class GbkName
{
    static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding(936)!;

    /// <summary>One for each such character, less one for each other; null if it is no GBK.</summary>
    public static int? Score(byte[] name)
    {
        var score = 0;
        for (var at = 0; at < name.Length; at++)
        {
            if (name[at] < 0x80)
                continue;
            if (name[at] is 0x80 or 0xFF || at + 1 == name.Length || name[at + 1] is < 0x40 or 0x7F or 0xFF)
                return null;
            score += Weight(name.AsSpan(at++, 2));
        }
        return score;
    }

    static int Weight(ReadOnlySpan<byte> character) => character switch
    {
        [>= 0xB0 and <= 0xD7, >= 0xA1] => CommonHanzi.Contains(Gbk.GetString(character)[0]) ? 1 : -1,
        // Punctuation, numbers and letters of full width.
        [>= 0xA1 and <= 0xA3, >= 0xA1] => 0,
        _ => -1,
    };
}
