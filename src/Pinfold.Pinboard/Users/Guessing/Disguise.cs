namespace Pinfold.Pinboard.Users.Guessing;

/// <summary>Digits and signs that stand for letters: <c>p4$$w0rd</c>.</summary>
static class Disguise
{
    const string Signs = "@48630157$!|+2";
    const string AsL = "aabeeolsts!l+z";
    const string AsI = "aabeeoistsii+z";

    /// <summary>The same text without its disguise, in both ways to read a 1; nothing if it has none.</summary>
    public static IEnumerable<string> Without(string text) =>
        text.AsSpan().ContainsAny(Signs) ? [Read(text, AsL), Read(text, AsI)] : [];

    static string Read(string text, string letters) => string.Create(text.Length, (text, letters), static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
            to[i] = Signs.IndexOf(from.text[i]) is >= 0 and var sign ? from.letters[sign] : from.text[i];
    });
}
