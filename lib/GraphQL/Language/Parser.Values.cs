// Values, directives and types (specification 2.9 to 2.12).
using System.Collections.Immutable;
using System.Text;

namespace EventSourced.GraphQL.Language;

public ref partial struct Parser
{
    private ValueNode ReadValue(bool isConstant)
    {
        var start = _lexer.Start;
        switch (_lexer.Kind)
        {
            case TokenKind.Integer:
                return new IntValueNode(ReadText()) { Start = start, End = _previousEnd };
            case TokenKind.Float:
                return new FloatValueNode(ReadText()) { Start = start, End = _previousEnd };
            case TokenKind.String or TokenKind.BlockString:
                var isBlock = _lexer.Kind == TokenKind.BlockString;
                return new StringValueNode(ReadString(), isBlock) { Start = start, End = _previousEnd };
            case TokenKind.LeftBracket:
                return ReadList(isConstant);
            case TokenKind.LeftBrace:
                return ReadObject(isConstant);
            case TokenKind.Name:
                return ReadNamedValue();
            case TokenKind.Dollar when !isConstant:
                Advance();
                return new VariableNode(ReadName()) { Start = start, End = _previousEnd };
            case TokenKind.Dollar:
                Advance();
                throw _lexer.Kind == TokenKind.Name
                    ? Error($"Unexpected variable \"${Encoding.ASCII.GetString(_lexer.Value)}\" in constant value.")
                    : Unexpected();
            default:
                throw Unexpected();
        }
    }

    private ValueNode ReadNamedValue()
    {
        var start = _lexer.Start;
        var name = ReadName();
        return name switch
        {
            "true" => new BooleanValueNode(true) { Start = start, End = _previousEnd },
            "false" => new BooleanValueNode(false) { Start = start, End = _previousEnd },
            "null" => new NullValueNode { Start = start, End = _previousEnd },
            _ => new EnumValueNode(name) { Start = start, End = _previousEnd },
        };
    }

    private ListValueNode ReadList(bool isConstant)
    {
        var start = _lexer.Start;
        Descend();
        Advance();
        var values = ImmutableArray.CreateBuilder<ValueNode>();
        while (!Skip(TokenKind.RightBracket))
            values.Add(ReadValue(isConstant));
        _nesting--;
        return new(values.ToImmutable()) { Start = start, End = _previousEnd };
    }

    private ObjectValueNode ReadObject(bool isConstant)
    {
        var start = _lexer.Start;
        Descend();
        Advance();
        var fields = ImmutableArray.CreateBuilder<ObjectFieldNode>();
        while (!Skip(TokenKind.RightBrace))
        {
            var fieldStart = _lexer.Start;
            var name = ReadName();
            Expect(TokenKind.Colon);
            fields.Add(new(name, ReadValue(isConstant)) { Start = fieldStart, End = _previousEnd });
        }

        _nesting--;
        return new(fields.ToImmutable()) { Start = start, End = _previousEnd };
    }

    private string ReadText()
    {
        var text = Encoding.ASCII.GetString(_lexer.Value);
        Advance();
        return text;
    }

    private string ReadString()
    {
        var text = _lexer.Kind == TokenKind.BlockString
            ? BlockStrings.Read(_lexer.Value[3..^3])
            : Escapes.Unescape(_lexer.Value[1..^1]);
        Advance();
        return text;
    }

    private string? ReadDescription() =>
        _lexer.Kind is TokenKind.String or TokenKind.BlockString ? ReadString() : null;

    // 2.6
    private ImmutableArray<ArgumentNode> ReadArguments(bool isConstant) => isConstant
        ? ReadMany(
            TokenKind.LeftParenthesis, TokenKind.RightParenthesis, static (ref Parser parser) =>
                parser.ReadArgument(true))
        : ReadMany(
            TokenKind.LeftParenthesis, TokenKind.RightParenthesis, static (ref Parser parser) =>
                parser.ReadArgument(false));

    private ArgumentNode ReadArgument(bool isConstant)
    {
        var start = _lexer.Start;
        var name = ReadName();
        Expect(TokenKind.Colon);
        return new(name, ReadValue(isConstant)) { Start = start, End = _previousEnd };
    }

    // 2.12
    private ImmutableArray<DirectiveNode> ReadDirectives(bool isConstant)
    {
        if (_lexer.Kind != TokenKind.At)
            return [];
        var directives = ImmutableArray.CreateBuilder<DirectiveNode>();
        while (_lexer.Kind == TokenKind.At)
        {
            var start = _lexer.Start;
            Advance();
            var name = ReadName();
            directives.Add(new(name, ReadArguments(isConstant)) { Start = start, End = _previousEnd });
        }

        return directives.ToImmutable();
    }

    // 2.11
    private TypeNode ReadType()
    {
        var start = _lexer.Start;
        TypeNode type;
        if (_lexer.Kind == TokenKind.LeftBracket)
        {
            Descend();
            Advance();
            var element = ReadType();
            Expect(TokenKind.RightBracket);
            _nesting--;
            type = new ListTypeNode(element) { Start = start, End = _previousEnd };
        }
        else
        {
            type = ReadNamedType();
        }

        return Skip(TokenKind.Bang) ? new NonNullTypeNode(type) { Start = start, End = _previousEnd } : type;
    }

    private NamedTypeNode ReadNamedType()
    {
        var start = _lexer.Start;
        return new(ReadName()) { Start = start, End = _previousEnd };
    }
}
