namespace Pinfold.Sharding.Tests.Style;

/// <summary>
/// Makes comments and the text of strings blank, so that rules see code alone. Line breaks stay, and so does the code
/// in the holes of interpolated strings.
/// </summary>
sealed class CSharpBlanker
{
    readonly string _source;
    readonly char[] _output;
    int _at;

    CSharpBlanker(string source)
    {
        _source = source;
        _output = source.ToCharArray();
    }

    public static string Blank(string source)
    {
        var blanker = new CSharpBlanker(source);
        blanker.Code(isHole: false);
        return new string(blanker._output);
    }

    /// <summary>Code to the end, or to the brace that closes a hole, which is left to the caller.</summary>
    void Code(bool isHole)
    {
        var depth = 0;
        while (_at < _source.Length)
        {
            if (Next("//"))
                BlankUntil("\n", isIncluded: false);
            else if (Next("/*"))
                BlankUntil("*/", isIncluded: true);
            else if (_source[_at] == '\'')
                Characters(isVerbatim: false, dollars: 0, '\'');
            else if (StringStart() is { } start)
                Text(start.Dollars, start.IsVerbatim);
            else if (isHole && depth == 0 && _source[_at] == '}')
                return;
            else
                depth += _source[_at++] switch { '{' => 1, '}' => -1, _ => 0 };
        }
    }

    /// <summary>Moves to the first quote when dollars, an at sign or nothing stand before one here.</summary>
    (int Dollars, bool IsVerbatim)? StringStart()
    {
        var end = _at;
        while (end < _source.Length && _source[end] is '$' or '@')
            end++;
        if (end == _source.Length || _source[end] != '"')
            return null;
        var prefix = _source.AsSpan(_at, end - _at);
        _at = end;
        return (prefix.Count('$'), prefix.Contains('@'));
    }

    void Text(int dollars, bool isVerbatim)
    {
        var quotes = Run('"');
        if (!isVerbatim && quotes >= 3)
            Raw(dollars, quotes);
        else
            Characters(isVerbatim, dollars, '"');
    }

    /// <summary>A literal between single quotes or double quotes, on which we stand.</summary>
    void Characters(bool isVerbatim, int dollars, char quote)
    {
        _at++;
        while (_at < _source.Length)
        {
            if (_source[_at] == quote && isVerbatim && Run(quote) >= 2)
                BlankNext(2);
            else if (_source[_at] == quote)
                break;
            else if (_source[_at] == '\\' && !isVerbatim)
                BlankNext(2);
            else if (dollars > 0 && Run('{') >= 2)
                BlankNext(2);
            else if (dollars > 0 && _source[_at] == '{')
                Hole(braces: 1);
            else
                BlankNext(1);
        }
        _at++;
    }

    void Raw(int dollars, int quotes)
    {
        _at += quotes;
        while (_at < _source.Length && Run('"') < quotes)
        {
            if (dollars > 0 && Run('{') >= dollars)
                Hole(Run('{'));
            else
                BlankNext(1);
        }
        _at += quotes;
    }

    void Hole(int braces)
    {
        _at += braces;
        Code(isHole: true);
        _at += Math.Min(braces, Run('}'));
    }

    bool Next(string text) => string.CompareOrdinal(_source, _at, text, 0, text.Length) == 0;

    int Run(char c)
    {
        var end = _at;
        while (end < _source.Length && _source[end] == c)
            end++;
        return end - _at;
    }

    void BlankUntil(string end, bool isIncluded)
    {
        var found = _source.IndexOf(end, _at + 1, StringComparison.Ordinal);
        BlankNext((found < 0 ? _source.Length : found + (isIncluded ? end.Length : 0)) - _at);
    }

    void BlankNext(int count)
    {
        for (var end = Math.Min(_at + count, _source.Length); _at < end; _at++)
        {
            if (_source[_at] != '\n')
                _output[_at] = ' ';
        }
    }
}
