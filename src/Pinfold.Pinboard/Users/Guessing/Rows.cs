namespace Pinfold.Pinboard.Users.Guessing;

/// <summary>Characters in a row: one again and again, letters and digits in order, keys side by side.</summary>
static class Rows
{
    /// <summary>Rows of keys and their columns, as many keyboards have them.</summary>
    static readonly string[] Keys =
    [
        "`1234567890-=", "qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertz",
        "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/", "147", "258", "369", "789",
    ];

    /// <summary>Powers of ten of guesses for a piece that is one row; infinite for what is none.</summary>
    public static double CostOf(ReadOnlySpan<char> piece, int lengthMin, double cost)
    {
        if (piece.Length >= lengthMin && IsOrder(piece))
            return cost + Math.Log10(piece.Length) / 2;
        if (piece.Length < 3)
            return double.PositiveInfinity;
        foreach (var row in Keys)
            if (IsIn(row, piece))
                return cost + Math.Log10(piece.Length) / 2;
        return double.PositiveInfinity;
    }

    /// <summary>The same step, up or down or none, from each character to the next.</summary>
    static bool IsOrder(ReadOnlySpan<char> piece)
    {
        var step = piece[1] - piece[0];
        if (step is < -1 or > 1)
            return false;
        for (var i = 2; i < piece.Length; i++)
            if (piece[i] - piece[i - 1] != step)
                return false;
        return true;
    }

    static bool IsIn(string row, ReadOnlySpan<char> piece)
    {
        if (piece.Length > row.Length)
            return false;
        if (row.AsSpan().IndexOf(piece) >= 0)
            return true;
        Span<char> turned = stackalloc char[piece.Length];
        piece.CopyTo(turned);
        turned.Reverse();
        return row.AsSpan().IndexOf(turned) >= 0;
    }
}
