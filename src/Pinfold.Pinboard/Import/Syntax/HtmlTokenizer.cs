using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text;

namespace Pinfold.Pinboard.Import.Syntax;

/// <summary>
/// Cuts HTML into tags and texts as it arrives, with the mercy that browsers have for tag soup, and without ever
/// holding more than a token: bookmark files carry icons of any length in attributes that nobody asked for. A state
/// machine after the HTML standard's section 13.2.5, less what bookmark files do not have (scripts, CDATA). What looks
/// like a tag is one if the reader says so: people write <c>&lt;b&gt;</c> in titles, and exporters do not escape it.
/// </summary>
sealed class HtmlTokenizer(FrozenSet<string> attributesWanted, IHtmlReader reader)
{
    /// <summary>
    /// What a text or an attribute has beyond these is dropped; each is far more than a pin can hold.
    /// </summary>
    public const int TextLengthMax = 64 * 1024;

    public const int AttributeLengthMax = 16 * 1024;
    const int NameLengthMax = 32;
    const int RawLengthMax = 200;
    const int ChunkChars = 16 * 1024;

    readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _wanted =
        attributesWanted.GetAlternateLookup<ReadOnlySpan<char>>();

    readonly StringBuilder _text = new();
    readonly StringBuilder _value = new();
    readonly StringBuilder _raw = new();
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
    bool _isLineStart = true;

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

    /// <summary>
    /// Gives <paramref name="reader"/> all tokens of <paramref name="source"/>, the last an
    /// <see cref="HtmlTokenKind.EndOfFile"/>, and comes back after each chunk so that what was read can be used.
    /// </summary>
    public static async IAsyncEnumerable<bool> ReadAsync(
        TextReader source, FrozenSet<string> attributesWanted, IHtmlReader reader,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var tokenizer = new HtmlTokenizer(attributesWanted, reader);
        var chunk = new char[ChunkChars];
        while (await source.ReadAsync(chunk, cancellation) is var count and > 0)
        {
            tokenizer.Take(chunk.AsSpan(0, count));
            yield return true;
        }
        tokenizer.End();
        yield return false;
    }

    /// <summary>Reads on; <paramref name="chunk"/> may begin and end anywhere, also within a tag.</summary>
    void Take(ReadOnlySpan<char> chunk)
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
            if (Step(chunk[at]))
            {
                if (chunk[at] == '\n')
                    _line++;
                at++;
            }
        }
    }

    /// <summary>Says that nothing follows.</summary>
    void End()
    {
        EmitText();
        if (_state != State.Text)
            reader.Take(new HtmlToken(HtmlTokenKind.CutOff, "", "", [], _tagLine));
        reader.Take(new HtmlToken(HtmlTokenKind.EndOfFile, "", "", [], _line));
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
        {
            AppendValue(run);
            AppendRaw(run);
        }
        _line += run.Count('\n');
    }

    /// <summary>Takes one character; false if it is to be looked at again in the new state.</summary>
    bool Step(char c)
    {
        switch (_state)
        {
            case State.Text:
                EmitText();
                _tagLine = _line;
                _raw.Clear().Append(c);
                return Go(State.TagOpen);
            case State.TagOpen or State.EndTagOpen:
                return OpenTag(c);
            case State.TagName:
                return TagName(c);
            case State.BeforeAttribute or State.AttributeName or State.AfterAttributeName:
                return AttributeName(c);
            case State.BeforeValue or State.QuotedValue or State.BareValue:
                return AttributeValue(c);
            default:
                return NoElement(c);
        }
    }

    bool OpenTag(char c)
    {
        if (char.IsAsciiLetter(c))
        {
            _isEndTag = _state == State.EndTagOpen;
            _nameLength = 0;
            _attributes = null;
            AppendName(c);
            return Go(State.TagName);
        }
        if (_state == State.TagOpen && c == '/')
        {
            AppendRaw(c);
            return Go(State.EndTagOpen);
        }
        var isMarkup = (_state == State.EndTagOpen || c is '!' or '?')
            && reader.IsMarkup(new TagStart("!", IsEnd: false, _isLineStart, c));
        // Not a tag after all: "a < b", "<3".
        if (!isMarkup)
            return BecomeText();
        if (_state == State.EndTagOpen)
            return c == '>' ? Go(State.Text) : Go(State.Skipped);
        return Go(c == '!' ? State.Markup : State.Skipped);
    }

    bool TagName(char c)
    {
        var isOver = char.IsWhiteSpace(c) || c is '/' or '>' or '<';
        if (!isOver && _nameLength < NameLengthMax)
        {
            AppendName(c);
            return true;
        }
        _tag = new string(_name, 0, _nameLength);
        if (!reader.IsMarkup(new TagStart(_tag, _isEndTag, _isLineStart, c)))
            return BecomeText();
        return isOver ? Go(State.BeforeAttribute, again: true) : Go(State.AttributeName, again: true);
    }

    /// <summary>What was held for a tag is text, and goes on with the next character.</summary>
    bool BecomeText()
    {
        AppendText(_raw.ToString());
        return Go(State.Text, again: true);
    }

    bool AttributeName(char c)
    {
        if (c == '=' && _state != State.BeforeAttribute)
        {
            AppendRaw(c);
            _attribute = _wanted.TryGetValue(_name.AsSpan(0, _nameLength), out var wanted) ? wanted : null;
            _value.Clear();
            return Go(State.BeforeValue);
        }
        if (c is '>' or '/' or '<' || (_state == State.AfterAttributeName && !char.IsWhiteSpace(c)))
        {
            if (_state != State.BeforeAttribute)
                EndAttributeWithoutValue();
            if (c is '>' or '<')
                return EmitTag(c);
            Go(State.BeforeAttribute);
            if (c != '/')
                return false;
        }
        AppendRaw(c);
        if (char.IsWhiteSpace(c) || c == '/')
            return _state != State.AttributeName || Go(State.AfterAttributeName);
        if (_state == State.BeforeAttribute)
            _nameLength = 0;
        AppendLower(c);
        return Go(State.AttributeName);
    }

    bool AttributeValue(char c)
    {
        if (c == '>' && _state != State.QuotedValue)
        {
            EndAttribute();
            return EmitTag(c);
        }
        AppendRaw(c);
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

    /// <summary>False if the character is to be looked at again there.</summary>
    bool Go(State state, bool again = false)
    {
        _state = state;
        return !again;
    }

    /// <summary>A tag that another one begins in the middle of ends there.</summary>
    bool EmitTag(char c)
    {
        if (c == '>')
            AppendRaw(c);
        var isLineStart = _isLineStart;
        _isLineStart = false;
        _state = State.Text;
        reader.Take(new HtmlToken(
            _isEndTag ? HtmlTokenKind.End : HtmlTokenKind.Start, _tag, "", _attributes ?? [], _tagLine)
        {
            Raw = _raw.ToString(),
            IsLineStart = isLineStart,
        });
        return c == '>';
    }

    void EmitText()
    {
        if (_text.Length == 0)
            return;
        var text = CharacterReferences.Resolve(_text.ToString(), isAttribute: false);
        _text.Clear();
        reader.Take(new HtmlToken(HtmlTokenKind.Text, "", text, [], _textLine));
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
            _attributes.Add(new(_attribute, CharacterReferences.Resolve(_value.ToString(), isAttribute: true)));
    }

    void AppendText(ReadOnlySpan<char> text)
    {
        if (_text.Length == 0)
            _textLine = _line;
        _text.Append(text[..Math.Min(text.Length, TextLengthMax - _text.Length)]);
        var newLine = text.LastIndexOf('\n');
        _isLineStart = (newLine >= 0 || _isLineStart) && text[(newLine + 1)..].IsWhiteSpace();
    }

    void AppendValue(ReadOnlySpan<char> value)
    {
        if (_attribute is not null)
            _value.Append(value[..Math.Min(value.Length, AttributeLengthMax - _value.Length)]);
    }

    void AppendName(char c)
    {
        AppendRaw(c);
        AppendLower(c);
    }

    void AppendLower(char c)
    {
        if (_nameLength < NameLengthMax)
            _name[_nameLength++] = char.ToLowerInvariant(c);
    }

    void AppendRaw(char c) => AppendRaw([c]);

    void AppendRaw(ReadOnlySpan<char> text) =>
        _raw.Append(text[..Math.Min(text.Length, RawLengthMax - _raw.Length)]);
}
