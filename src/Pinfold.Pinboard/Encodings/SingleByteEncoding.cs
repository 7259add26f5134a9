using System.Text;

namespace Pinfold.Pinboard.Encodings;

/// <summary>
/// Encodings of one byte to a character that .NET does not have, or (ISO-8859-7) has as they were before 2003; for
/// reading. (The indexes of the WHATWG Encoding Standard; below 0xA0 they are Latin-1.)
/// </summary>
sealed class SingleByteEncoding : Encoding
{
    const int TableStart = 0xA0;

    static readonly Dictionary<string, string> Tables = new()
    {
        ["iso-8859-7"] = "\u00A0‘’£€₯¦§¨©ͺ«¬\u00AD\uFFFD―°±²³΄΅Ά·ΈΉΊ»Ό½ΎΏΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟ"
            + "ΠΡ\uFFFDΣΤΥΦΧΨΩΪΫάέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ\uFFFD",
        ["iso-8859-10"] = "\u00A0ĄĒĢĪĨĶ§ĻĐŠŦŽ\u00ADŪŊ°ąēģīĩķ·ļđšŧž―ūŋĀÁÂÃÄÅÆĮČÉĘËĖÍÎÏ"
            + "ÐŅŌÓÔÕÖŨØŲÚÛÜÝÞßāáâãäåæįčéęëėíîïðņōóôõöũøųúûüýþĸ",
        ["iso-8859-14"] = "\u00A0Ḃḃ£ĊċḊ§Ẁ©ẂḋỲ\u00AD®ŸḞḟĠġṀṁ¶ṖẁṗẃṠỳẄẅṡÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ"
            + "ŴÑÒÓÔÕÖṪØÙÚÛÜÝŶßàáâãäåæçèéêëìíîïŵñòóôõöṫøùúûüýŷÿ",
        ["iso-8859-16"] = "\u00A0ĄąŁ€„Š§š©Ș«Ź\u00ADźŻ°±ČłŽ”¶·žčș»ŒœŸżÀÁÂĂÄĆÆÇÈÉÊËÌÍÎÏ"
            + "ĐŃÒÓÔŐÖŚŰÙÚÛÜĘȚßàáâăäćæçèéêëìíîïđńòóôőöśűùúûüęțÿ",
    };

    readonly string _table;

    SingleByteEncoding(string name, string table) => (WebName, _table) = (name, table);

    public override string WebName { get; }

    public override bool IsSingleByte => true;

    public static SingleByteEncoding? Find(string name) =>
        Tables.TryGetValue(name, out var table) ? new SingleByteEncoding(name, table) : null;

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetMaxCharCount(int byteCount) => byteCount;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        for (var i = 0; i < byteCount; i++)
            chars[charIndex + i] = bytes[byteIndex + i] is var b && b < TableStart ? (char)b : _table[b - TableStart];
        return byteCount;
    }

    public override int GetByteCount(char[] chars, int index, int count) => throw OnlyRead();

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        throw OnlyRead();

    static NotSupportedException OnlyRead() => new("This encoding is only read.");
}
