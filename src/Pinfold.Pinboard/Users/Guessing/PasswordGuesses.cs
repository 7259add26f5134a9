namespace Pinfold.Pinboard.Users.Guessing;

/// <summary>
/// How many guesses somebody needs for a password who tries what is likely first: the cheapest way to put it together
/// from common passwords, names, rows of keys, repetitions and single characters.
/// </summary>
/// <remarks>
/// The idea, and the cost of a character (10 guesses), are those of zxcvbn (Wheeler, USENIX Security 2016). Its port to
/// .NET is not kept any more, and looks at words of English too, which a long password may well be made of.
/// </remarks>
static class PasswordGuesses
{
    const double OfCharacter = 1;
    const double OfName = 0.5;
    const double OfDisguise = 0.3;
    const double OfRepetition = 0.5;
    const double OfEarlierPiece = 1;
    const double OfRow = 1.3;
    const double OfYear = 2;

    const int PieceMin = 3;
    const int RowMin = 4;

    /// <summary>As a power of ten.</summary>
    /// <param name="password">At most a few hundred characters: time grows with the square.</param>
    /// <param name="names">What belongs to the person, in any case; pieces under three characters do not count.</param>
    public static double Log10(string password, IEnumerable<string> names)
    {
        var text = password.ToLowerInvariant();
        string[] disguises = [text, .. Disguise.Without(text)];
        var own = names.Select(n => n.ToLowerInvariant()).Where(n => n.Length >= PieceMin)
            .ToHashSet(StringComparer.Ordinal);
        var ownLookup = own.GetAlternateLookup<ReadOnlySpan<char>>();
        var ownMax = own.Count == 0 ? 0 : own.Max(n => n.Length);
        Span<char> reversed = stackalloc char[Math.Max(CommonPasswords.LengthMax, ownMax)];
        var best = new double[text.Length + 1];
        for (var end = 1; end <= text.Length; end++)
        {
            best[end] = best[end - 1] + OfCharacter;
            for (var begin = end - PieceMin; begin >= 0; begin--)
                best[end] = Math.Min(best[end], best[begin] + CostOf(begin, end, reversed));
        }
        return best[^1];

        double CostOf(int begin, int end, Span<char> backwards)
        {
            var piece = text.AsSpan(begin, end - begin);
            var cost = Math.Min(Rows.CostOf(piece, RowMin, OfRow), IsYear(piece) ? OfYear : double.MaxValue);
            if (begin >= piece.Length && text.AsSpan(begin - piece.Length, piece.Length).SequenceEqual(piece))
                cost = Math.Min(cost, OfRepetition);
            else if (text.AsSpan(0, begin).IndexOf(piece) >= 0)
                cost = Math.Min(cost, OfEarlierPiece);
            if (piece.Length > backwards.Length)
                return cost;
            foreach (var disguise in disguises)
            {
                var plain = disguise.AsSpan(begin, piece.Length);
                var turned = backwards[..piece.Length];
                plain.CopyTo(turned);
                turned.Reverse();
                cost = Math.Min(cost, Math.Min(OfWord(plain), OfWord(turned) + OfDisguise)
                    + (ReferenceEquals(disguise, text) ? 0 : OfDisguise));
            }
            return cost;
        }

        double OfWord(ReadOnlySpan<char> word) =>
            ownLookup.Contains(word) ? OfName
            : word.Length <= CommonPasswords.LengthMax && CommonPasswords.RankOf(word) is { } rank
                ? Math.Log10(rank + 1)
                : double.PositiveInfinity;
    }

    static bool IsYear(ReadOnlySpan<char> piece) =>
        piece.Length == 4 && piece[..2] is "19" or "20" && char.IsAsciiDigit(piece[2]) && char.IsAsciiDigit(piece[3]);
}
