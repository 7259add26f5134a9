using System.Text;

namespace Pinfold.Testing.Proxy;

/// <summary>Finds where the statements of a multi-statement query end, minding strings, names and comments.</summary>
/// <remarks>
/// Statements that the server runs as one and answers once count each: those of a compound statement of MariaDB, and
/// those in the text that a procedure is called with.
/// </remarks>
static class SqlStatements
{
    /// <summary>Where a statement ends.</summary>
    /// <param name="Length">Of the prefix that it ends, without the semicolon between it and the next.</param>
    /// <param name="IsInText">The statement is in a text, so that the prefix ends within a string.</param>
    public readonly record struct End(int Length, bool IsInText);

    public static int Count(string sql) => Ends(Encoding.UTF8.GetBytes(sql)).Count;

    /// <summary>How many answers the server gives.</summary>
    public static int CountReplies(string sql)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);
        return IsCompound(bytes) ? 1 : Ends(bytes).Count(end => !end.IsInText);
    }

    /// <summary>What a prefix lacks to be understood, so that the server runs the statements that are in it.</summary>
    public static ReadOnlySpan<byte> Closing(ReadOnlySpan<byte> sql, End end) =>
        end.IsInText ? "')"u8 : IsCompound(sql) && end.Length < sql.Length ? ";END"u8 : default;

    /// <summary>The prefixes that hold 1, 2, ... statements.</summary>
    public static List<End> Ends(ReadOnlySpan<byte> sql)
    {
        var ends = new List<End>();
        var (hasText, start) = (false, 0);
        for (var at = 0; at < sql.Length; at++)
        {
            var length = SkippedAt(sql[at..]);
            if (length > 0)
            {
                if (sql[start..at].StartsWith("CALL "u8))
                    AddThoseInText(ends, sql, at, length);
                hasText |= sql[at] is (byte)'\'' or (byte)'"' or (byte)'`';
                at += length - 1;
            }
            else if (sql[at] != ';')
            {
                hasText |= !IsBlank(sql[at]);
            }
            else if (hasText)
            {
                ends.Add(new End(at, IsInText: false));
                (hasText, start) = (false, at + 1);
            }
        }
        if (hasText)
            ends.Add(new End(sql.Length, IsInText: false));
        return ends;
    }

    static bool IsCompound(ReadOnlySpan<byte> sql) => sql.StartsWith("BEGIN NOT ATOMIC"u8);

    static void AddThoseInText(List<End> ends, ReadOnlySpan<byte> sql, int start, int length)
    {
        for (var at = start; at < start + length; at++)
            if (sql[at] == ';')
                ends.Add(new End(at + 1, IsInText: true));
    }

    static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0;

    /// <summary>The length of the string, quoted name or comment that starts here; 0 when none does.</summary>
    static int SkippedAt(ReadOnlySpan<byte> sql) => sql[0] switch
    {
        (byte)'\'' or (byte)'"' => QuotedLength(sql, hasBackslashes: true),
        (byte)'`' => QuotedLength(sql, hasBackslashes: false),
        (byte)'#' => LengthThrough(sql, "\n"u8, 1),
        (byte)'-' when sql.StartsWith("-- "u8) => LengthThrough(sql, "\n"u8, 2),
        (byte)'/' when sql.StartsWith("/*"u8) => LengthThrough(sql, "*/"u8, 2),
        _ => 0,
    };

    // A doubled quote ends one string and starts the next, which comes to the same.
    static int QuotedLength(ReadOnlySpan<byte> sql, bool hasBackslashes)
    {
        for (var at = 1; at < sql.Length; at++)
        {
            if (sql[at] == sql[0])
                return at + 1;
            if (hasBackslashes && sql[at] == '\\')
                at++;
        }
        return sql.Length;
    }

    static int LengthThrough(ReadOnlySpan<byte> sql, ReadOnlySpan<byte> end, int from)
    {
        var at = sql[from..].IndexOf(end);
        return at < 0 ? sql.Length : from + at + end.Length;
    }
}
