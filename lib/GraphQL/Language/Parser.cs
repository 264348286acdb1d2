// UTF-8 bytes enter, a document leaves, or a SyntaxException that names the expected, the found and the place
// (specification 2 and appendix C). This file holds the machinery and executable definitions; Parser.Values.cs holds
// values and types, Parser.TypeSystem.cs the schema language. Tokens and nesting are bounded while reading, so that no
// document can exhaust the stack.
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using EventSourced.GraphQL.Errors;

namespace EventSourced.GraphQL.Language;

/// <summary>Reads documents.</summary>
public ref partial struct Parser
{
    private readonly int _maxTokens;
    private readonly int _maxNesting;
    private Lexer _lexer;
    private int _previousEnd;
    private int _nesting;

    private Parser(ReadOnlySpan<byte> source, ParserLimits limits)
    {
        _maxTokens = limits.MaxTokens;
        _maxNesting = limits.MaxNesting;
        _lexer = new Lexer(source);
        Advance();
    }

    /// <summary>Reads a document from text.</summary>
    public static DocumentNode Parse(string source, ParserLimits? limits = null) =>
        Parse(Encoding.UTF8.GetBytes(source ?? throw new ArgumentNullException(nameof(source))), limits);

    /// <summary>Reads a document from UTF-8.</summary>
    public static DocumentNode Parse(ReadOnlyMemory<byte> source, ParserLimits? limits = null)
    {
        limits ??= ParserLimits.Default;
        if (source.Length > limits.MaxDocumentBytes)
            throw LimitExceeded.Exception(LimitNames.DocumentBytes, limits.MaxDocumentBytes, source.Length);
        if (!Utf8.IsValid(source.Span))
            throw new SyntaxException("Expected UTF-8, found malformed bytes.", source.Span, InvalidAt(source.Span));
        return new Parser(source.Span, limits).ReadDocument() with { Source = source };
    }

    /// <summary>Reads one value, as it stands behind an argument's colon.</summary>
    public static ValueNode ParseValue(string source)
    {
        var parser = new Parser(Encoding.UTF8.GetBytes(source), ParserLimits.Default);
        var value = parser.ReadValue(isConstant: false);
        parser.Expect(TokenKind.EndOfFile);
        return value;
    }

    /// <summary>Reads one type, as it stands behind a variable's colon.</summary>
    public static TypeNode ParseType(string source)
    {
        var parser = new Parser(Encoding.UTF8.GetBytes(source), ParserLimits.Default);
        var type = parser.ReadType();
        parser.Expect(TokenKind.EndOfFile);
        return type;
    }

    // 2.2
    private DocumentNode ReadDocument()
    {
        var definitions = ImmutableArray.CreateBuilder<DefinitionNode>();
        do
            definitions.Add(ReadDefinition());
        while (_lexer.Kind != TokenKind.EndOfFile);
        return new(definitions.ToImmutable()) { Start = 0, End = _previousEnd };
    }

    private DefinitionNode ReadDefinition()
    {
        var start = _lexer.Start;
        if (_lexer.Kind == TokenKind.LeftBrace)
            return new OperationDefinitionNode(
                OperationType.Query, null, ReadSelectionSet())
            { Start = start, End = _previousEnd };

        var description = ReadDescription();
        if (description is not null && _lexer.Kind == TokenKind.LeftBrace)
            throw Error("Unexpected description, descriptions are not supported on shorthand queries.");
        if (_lexer.Kind != TokenKind.Name)
            throw Unexpected();
        if (OperationKeyword() is { } operation)
            return ReadOperation(start, operation, description);
        if (Is("fragment"u8))
            return ReadFragment(start, description);
        if (Is("extend"u8) && description is not null)
            throw Error("Unexpected description, only GraphQL definitions support descriptions.");
        return ReadTypeSystemDefinition(start, description);
    }

    private readonly OperationType? OperationKeyword() =>
        Is("query"u8) ? OperationType.Query
        : Is("mutation"u8) ? OperationType.Mutation
        : Is("subscription"u8) ? OperationType.Subscription
        : null;

    // 2.3
    private OperationDefinitionNode ReadOperation(int start, OperationType operation, string? description)
    {
        Advance();
        var name = _lexer.Kind == TokenKind.Name ? ReadName() : null;
        var variables =
            ReadMany(
                TokenKind.LeftParenthesis, TokenKind.RightParenthesis, static (ref Parser parser) =>
                    parser.ReadVariableDefinition());
        var directives = ReadDirectives(isConstant: false);
        return new(operation, name, ReadSelectionSet())
        {
            VariableDefinitions = variables,
            Directives = directives,
            Description = description,
            Start = start,
            End = _previousEnd,
        };
    }

    // 2.10
    private VariableDefinitionNode ReadVariableDefinition()
    {
        var start = _lexer.Start;
        var description = ReadDescription();
        Expect(TokenKind.Dollar);
        var name = ReadName();
        Expect(TokenKind.Colon);
        var type = ReadType();
        var defaultValue = Skip(TokenKind.Equal) ? ReadValue(isConstant: true) : null;
        return new(name, type, defaultValue)
        {
            Directives = ReadDirectives(isConstant: true),
            Description = description,
            Start = start,
            End = _previousEnd,
        };
    }

    // 2.8
    private FragmentDefinitionNode ReadFragment(int start, string? description)
    {
        Advance();
        if (Is("on"u8))
            throw Unexpected();
        var name = ReadName();
        ExpectKeyword("on"u8);
        var condition = ReadNamedType();
        var directives = ReadDirectives(isConstant: false);
        return new(name, condition, ReadSelectionSet())
        {
            Directives = directives,
            Description = description,
            Start = start,
            End = _previousEnd,
        };
    }

    // 2.4
    private SelectionSetNode ReadSelectionSet()
    {
        var start = _lexer.Start;
        Descend();
        Expect(TokenKind.LeftBrace);
        var selections = ImmutableArray.CreateBuilder<SelectionNode>();
        do
            selections.Add(_lexer.Kind == TokenKind.Spread ? ReadFragmentSelection() : ReadField());
        while (!Skip(TokenKind.RightBrace));
        _nesting--;
        return new(selections.ToImmutable()) { Start = start, End = _previousEnd };
    }

    // 2.5 to 2.7
    private FieldNode ReadField()
    {
        var start = _lexer.Start;
        var name = ReadName();
        string? alias = null;
        if (Skip(TokenKind.Colon))
            (alias, name) = (name, ReadName());
        var arguments = ReadArguments(isConstant: false);
        var directives = ReadDirectives(isConstant: false);
        var selectionSet = _lexer.Kind == TokenKind.LeftBrace ? ReadSelectionSet() : null;
        return new(alias, name, arguments, selectionSet) { Directives = directives, Start = start, End = _previousEnd };
    }

    // 2.8
    private SelectionNode ReadFragmentSelection()
    {
        var start = _lexer.Start;
        Advance();
        var hasCondition = Is("on"u8);
        if (!hasCondition && _lexer.Kind == TokenKind.Name)
        {
            var name = ReadName();
            return new FragmentSpreadNode(
                name)
            { Directives = ReadDirectives(isConstant: false), Start = start, End = _previousEnd };
        }

        if (hasCondition)
            Advance();
        var condition = hasCondition ? ReadNamedType() : null;
        var directives = ReadDirectives(isConstant: false);
        return new InlineFragmentNode(
            condition, ReadSelectionSet())
        { Directives = directives, Start = start, End = _previousEnd };
    }

    private delegate T Reader<T>(ref Parser parser);

    // An optional group that is not empty where it stands.
    private ImmutableArray<T> ReadMany<T>(TokenKind open, TokenKind close, Reader<T> read)
    {
        if (!Skip(open))
            return [];
        var items = ImmutableArray.CreateBuilder<T>();
        do
            items.Add(read(ref this));
        while (!Skip(close));
        return items.ToImmutable();
    }

    private void Advance()
    {
        _previousEnd = _lexer.End;
        _lexer.Read();
        if (_lexer.Count > _maxTokens)
            throw LimitExceeded.Exception(LimitNames.Tokens, _maxTokens, _lexer.Count);
    }

    private void Descend()
    {
        if (++_nesting > _maxNesting)
            throw LimitExceeded.Exception(LimitNames.Nesting, _maxNesting, _nesting);
    }

    private bool Skip(TokenKind kind)
    {
        if (_lexer.Kind != kind)
            return false;
        Advance();
        return true;
    }

    private void Expect(TokenKind kind)
    {
        if (!Skip(kind) && (kind, _lexer.Kind) != (TokenKind.EndOfFile, TokenKind.EndOfFile))
            throw Error($"Expected {Described(kind)}, found {DescribedToken()}.");
    }

    private readonly bool Is(ReadOnlySpan<byte> keyword) =>
        _lexer.Kind == TokenKind.Name && _lexer.Value.SequenceEqual(keyword);

    private bool SkipKeyword(ReadOnlySpan<byte> keyword)
    {
        if (!Is(keyword))
            return false;
        Advance();
        return true;
    }

    private void ExpectKeyword(ReadOnlySpan<byte> keyword)
    {
        if (!SkipKeyword(keyword))
            throw Error($"Expected \"{Encoding.ASCII.GetString(keyword)}\", found {DescribedToken()}.");
    }

    private string ReadName()
    {
        if (_lexer.Kind != TokenKind.Name)
            throw Error($"Expected Name, found {DescribedToken()}.");
        var name = Encoding.ASCII.GetString(_lexer.Value);
        Advance();
        return name;
    }

    private readonly SyntaxException Unexpected() => Error($"Unexpected {DescribedToken()}.");

    private readonly SyntaxException Error(string message) => new(message, _lexer.Source, _lexer.Start);

    private readonly string DescribedToken() => _lexer.Kind switch
    {
        TokenKind.Name => $"Name \"{Encoding.UTF8.GetString(_lexer.Value)}\"",
        TokenKind.Integer => $"Int \"{Encoding.UTF8.GetString(_lexer.Value)}\"",
        TokenKind.Float => $"Float \"{Encoding.UTF8.GetString(_lexer.Value)}\"",
        TokenKind.String => $"String {Encoding.UTF8.GetString(_lexer.Value)}",
        TokenKind.BlockString => "BlockString",
        var kind => Described(kind),
    };

    private static string Described(TokenKind kind) => kind switch
    {
        TokenKind.StartOfFile => "<SOF>",
        TokenKind.EndOfFile => "<EOF>",
        TokenKind.Bang => "\"!\"",
        TokenKind.Dollar => "\"$\"",
        TokenKind.Ampersand => "\"&\"",
        TokenKind.LeftParenthesis => "\"(\"",
        TokenKind.RightParenthesis => "\")\"",
        TokenKind.Spread => "\"...\"",
        TokenKind.Colon => "\":\"",
        TokenKind.Equal => "\"=\"",
        TokenKind.At => "\"@\"",
        TokenKind.LeftBracket => "\"[\"",
        TokenKind.RightBracket => "\"]\"",
        TokenKind.LeftBrace => "\"{\"",
        TokenKind.Pipe => "\"|\"",
        TokenKind.RightBrace => "\"}\"",
        _ => kind.ToString(),
    };

    private static int InvalidAt(ReadOnlySpan<byte> source)
    {
        var offset = 0;
        while (Rune.DecodeFromUtf8(source[offset..], out _, out var length) == System.Buffers.OperationStatus.Done)
            offset += length;
        return offset;
    }
}
