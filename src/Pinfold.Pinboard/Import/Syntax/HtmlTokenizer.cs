using System.Collections.Frozen;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Pinfold.Pinboard.Import.Syntax;

/// <summary>
/// Cuts HTML into tags and texts as it arrives, with the mercy that browsers have for tag soup, and without ever
/// holding more than a token: bookmark files carry icons of any length in attributes that nobody asked for. A state
/// machine after the HTML standard's section 13.2.5, less what bookmark files do not have (scripts, CDATA).
/// </summary>
sealed class HtmlTokenizer(FrozenSet<string> attributesWanted)
{
    /// <summary>
    /// What a text or an attribute has beyond these is dropped; each is far more than a pin can hold.
    /// </summary>
    public const int TextLengthMax = 64 * 1024;

    public const int AttributeLengthMax = 16 * 1024;
    const int NameLengthMax = 32;
    const int ChunkChars = 16 * 1024;

    readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _wanted =
        attributesWanted.GetAlternateLookup<ReadOnlySpan<char>>();

    readonly StringBuilder _text = new();
    readonly StringBuilder _value = new();
    readonly char[] _name = new char[NameLengthMax];
    int _nameLength;
    State _state;
    long _line = 1;
    long _textLine = 1;
    long _tagLine = 1;
    string _tag = "";
    bool _isEndTag;
    List<KeyValuePair<string, string>>? _attributes;
    string? _attribute;
    char _quote;
    int _dashes;

    enum State
    {
        Text,
        TagOpen,
        EndTagOpen,
        TagName,
        BeforeAttribute,
        AttributeName,
        AfterAttributeName,
        BeforeValue,
        QuotedValue,
        BareValue,
        Markup,
        MarkupDash,
        Comment,
        Skipped,
    }

    /// <summary>All tokens of <paramref name="source"/>; the last is <see cref="HtmlTokenKind.EndOfFile"/>.</summary>
    public static async IAsyncEnumerable<HtmlToken> ReadAsync(
        TextReader source, FrozenSet<string> attributesWanted, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var tokenizer = new HtmlTokenizer(attributesWanted);
        var chunk = new char[ChunkChars];
        var tokens = new List<HtmlToken>();
        while (await source.ReadAsync(chunk, cancellation) is var count and > 0)
        {
            tokenizer.Take(chunk.AsSpan(0, count), tokens);
            foreach (var token in tokens)
                yield return token;
            tokens.Clear();
        }
        tokenizer.End(tokens);
        foreach (var token in tokens)
            yield return token;
    }

    /// <summary>Reads on; <paramref name="chunk"/> may begin and end anywhere, also within a tag.</summary>
    public void Take(ReadOnlySpan<char> chunk, List<HtmlToken> tokens)
    {
        for (var at = 0; at < chunk.Length;)
        {
            var run = RunLength(chunk[at..]);
            if (run > 0)
            {
                TakeRun(chunk.Slice(at, run));
                at += run;
                continue;
            }
            if (Step(chunk[at], tokens))
            {
                if (chunk[at] == '\n')
                    _line++;
                at++;
            }
        }
    }

    /// <summary>Says that nothing follows.</summary>
    public void End(List<HtmlToken> tokens)
    {
        EmitText(tokens);
        if (_state != State.Text)
            tokens.Add(new HtmlToken(HtmlTokenKind.CutOff, "", "", [], _tagLine));
        tokens.Add(new HtmlToken(HtmlTokenKind.EndOfFile, "", "", [], _line));
    }

    /// <summary>
    /// How many characters go the same way without a look at each: texts and quoted values are most of a file.
    /// </summary>
    int RunLength(ReadOnlySpan<char> rest)
    {
        var end = _state switch
        {
            State.Text => rest.IndexOf('<'),
            State.QuotedValue => rest.IndexOf(_quote),
            _ => 0,
        };
        return end < 0 ? rest.Length : end;
    }

    void TakeRun(ReadOnlySpan<char> run)
    {
        if (_state == State.Text)
            AppendText(run);
        else
            AppendValue(run);
        _line += run.Count('\n');
    }

    /// <summary>Takes one character; false if it is to be looked at again in the new state.</summary>
    bool Step(char c, List<HtmlToken> tokens)
    {
        switch (_state)
        {
            case State.Text:
                _tagLine = _line;
                return Go(State.TagOpen);
            case State.TagOpen or State.EndTagOpen:
                return OpenTag(c, tokens);
            case State.TagName:
                return TagName(c, tokens);
            case State.BeforeAttribute or State.AttributeName or State.AfterAttributeName:
                return AttributeName(c, tokens);
            case State.BeforeValue or State.QuotedValue or State.BareValue:
                return AttributeValue(c, tokens);
            default:
                return NoElement(c);
        }
    }

    bool OpenTag(char c, List<HtmlToken> tokens)
    {
        if (char.IsAsciiLetter(c))
        {
            EmitText(tokens);
            _isEndTag = _state == State.EndTagOpen;
            _nameLength = 0;
            _attributes = null;
            AppendName(c);
            return Go(State.TagName);
        }
        if (_state == State.EndTagOpen)
            return c == '>' ? Go(State.Text) : Go(State.Skipped);
        if (c == '/')
            return Go(State.EndTagOpen);
        if (c is '!' or '?')
            return Go(c == '!' ? State.Markup : State.Skipped);
        // Not a tag after all: "a < b", "<3".
        AppendText("<");
        Go(State.Text);
        return false;
    }

    bool TagName(char c, List<HtmlToken> tokens)
    {
        if (!char.IsWhiteSpace(c) && c is not ('/' or '>'))
        {
            AppendName(c);
            return true;
        }
        _tag = new string(_name, 0, _nameLength);
        return c == '>' ? EmitTag(tokens) : Go(State.BeforeAttribute);
    }

    bool AttributeName(char c, List<HtmlToken> tokens)
    {
        if (c == '=' && _state != State.BeforeAttribute)
        {
            _attribute = _wanted.TryGetValue(_name.AsSpan(0, _nameLength), out var wanted) ? wanted : null;
            _value.Clear();
            return Go(State.BeforeValue);
        }
        if (c == '>' || c == '/' || (_state == State.AfterAttributeName && !char.IsWhiteSpace(c)))
        {
            if (_state != State.BeforeAttribute)
                EndAttributeWithoutValue();
            if (c == '>')
                return EmitTag(tokens);
            Go(State.BeforeAttribute);
            return c == '/';
        }
        if (char.IsWhiteSpace(c))
            return _state != State.AttributeName || Go(State.AfterAttributeName);
        if (_state == State.BeforeAttribute)
            _nameLength = 0;
        AppendName(c);
        return Go(State.AttributeName);
    }

    bool AttributeValue(char c, List<HtmlToken> tokens)
    {
        if (_state == State.BeforeValue)
        {
            if (char.IsWhiteSpace(c))
                return true;
            if (c is '"' or '\'')
            {
                _quote = c;
                return Go(State.QuotedValue);
            }
            Go(State.BareValue);
        }
        if (_state == State.QuotedValue || char.IsWhiteSpace(c))
        {
            EndAttribute();
            return Go(State.BeforeAttribute);
        }
        if (c == '>')
        {
            EndAttribute();
            return EmitTag(tokens);
        }
        AppendValue([c]);
        return true;
    }

    /// <summary>Comments, the doctype, processing instructions: passed over.</summary>
    bool NoElement(char c)
    {
        switch (_state)
        {
            case State.Markup when c == '-':
                return Go(State.MarkupDash);
            case State.MarkupDash when c == '-':
                _dashes = 2;
                return Go(State.Comment);
            case State.Comment when c == '-':
                _dashes++;
                return true;
            case State.Comment:
                if (c == '>' && _dashes >= 2)
                    return Go(State.Text);
                _dashes = 0;
                return true;
            default:
                return Go(c == '>' ? State.Text : State.Skipped);
        }
    }

    bool Go(State state)
    {
        _state = state;
        return true;
    }

    bool EmitTag(List<HtmlToken> tokens)
    {
        tokens.Add(new HtmlToken(
            _isEndTag ? HtmlTokenKind.End : HtmlTokenKind.Start, _tag, "", _attributes ?? [], _tagLine));
        return Go(State.Text);
    }

    void EmitText(List<HtmlToken> tokens)
    {
        if (_text.Length == 0)
            return;
        tokens.Add(new HtmlToken(HtmlTokenKind.Text, "", WebUtility.HtmlDecode(_text.ToString()), [], _textLine));
        _text.Clear();
    }

    void EndAttributeWithoutValue()
    {
        _attribute = _wanted.TryGetValue(_name.AsSpan(0, _nameLength), out var wanted) ? wanted : null;
        _value.Clear();
        EndAttribute();
    }

    void EndAttribute()
    {
        if (_attribute is null)
            return;
        _attributes ??= [];
        if (!_attributes.Exists(a => a.Key == _attribute))
            _attributes.Add(new(_attribute, WebUtility.HtmlDecode(_value.ToString())));
    }

    void AppendText(ReadOnlySpan<char> text)
    {
        if (_text.Length == 0)
            _textLine = _line;
        _text.Append(text[..Math.Min(text.Length, TextLengthMax - _text.Length)]);
    }

    void AppendValue(ReadOnlySpan<char> value)
    {
        if (_attribute is not null)
            _value.Append(value[..Math.Min(value.Length, AttributeLengthMax - _value.Length)]);
    }

    void AppendName(char c)
    {
        if (_nameLength < NameLengthMax)
            _name[_nameLength++] = char.ToLowerInvariant(c);
    }
}
