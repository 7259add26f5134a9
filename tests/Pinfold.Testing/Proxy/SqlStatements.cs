using System.Text;

namespace Pinfold.Testing.Proxy;

/// <summary>Finds where the statements of a multi-statement query end, minding strings, names and comments.</summary>
static class SqlStatements
{
    public static int Count(string sql) => Ends(Encoding.UTF8.GetBytes(sql)).Count;

    /// <summary>
    /// The lengths of the prefixes that hold 1, 2, ... statements, without the semicolon that ends them.
    /// </summary>
    public static List<int> Ends(ReadOnlySpan<byte> sql)
    {
        var ends = new List<int>();
        var hasText = false;
        for (var at = 0; at < sql.Length; at++)
        {
            var length = SkippedAt(sql[at..]);
            if (length > 0)
            {
                hasText |= sql[at] is (byte)'\'' or (byte)'"' or (byte)'`';
                at += length - 1;
            }
            else if (sql[at] != ';')
            {
                hasText |= !IsBlank(sql[at]);
            }
            else if (hasText)
            {
                ends.Add(at);
                hasText = false;
            }
        }
        if (hasText)
            ends.Add(sql.Length);
        return ends;
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
