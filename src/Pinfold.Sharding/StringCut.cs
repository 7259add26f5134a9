namespace Pinfold.Sharding;

/// <summary>Makes a text fit where only so much of it is kept.</summary>
static class StringCut
{
    /// <summary>Its beginning, if it is longer.</summary>
    public static string Cut(this string text, int charactersMax) =>
        text.Length <= charactersMax ? text : text[..charactersMax];
}
