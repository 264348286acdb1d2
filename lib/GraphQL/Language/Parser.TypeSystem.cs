// The schema definition language (specification 3). Definitions and extensions share one reader each; an extension that
// adds nothing is refused where the grammar refuses it.
using System.Collections.Immutable;
using System.Text;

namespace EventSourced.GraphQL.Language;

public ref partial struct Parser
{
    private TypeSystemDefinitionNode ReadTypeSystemDefinition(int start, string? description)
    {
        var isExtension = SkipKeyword("extend"u8);
        TypeSystemDefinitionNode definition;
        if (SkipKeyword("schema"u8))
            definition = ReadSchema(isExtension);
        else if (SkipKeyword("scalar"u8))
            definition = new ScalarTypeDefinitionNode(ReadName()) { Directives = ReadDirectives(isConstant: true) };
        else if (SkipKeyword("type"u8))
            definition = ReadObjectType();
        else if (SkipKeyword("interface"u8))
            definition = ReadInterface();
        else if (SkipKeyword("union"u8))
            definition = ReadUnion();
        else if (SkipKeyword("enum"u8))
            definition = ReadEnum();
        else if (SkipKeyword("input"u8))
            definition = ReadInput();
        else if (!isExtension && SkipKeyword("directive"u8))
            definition = ReadDirectiveDefinition();
        else
            throw Unexpected();

        if (isExtension && AddsNothing(definition))
            throw Unexpected();
        return definition with
        {
            Description = description,
            IsExtension = isExtension,
            Start = start,
            End = _previousEnd
        };
    }

    private static bool AddsNothing(TypeSystemDefinitionNode extension) =>
        extension.Directives.IsEmpty && extension switch
        {
            SchemaDefinitionNode schema => schema.OperationTypes.IsEmpty,
            ComplexTypeDefinitionNode type => type.Interfaces.IsEmpty && type.Fields.IsEmpty,
            UnionTypeDefinitionNode union => union.Types.IsEmpty,
            EnumTypeDefinitionNode @enum => @enum.Values.IsEmpty,
            InputObjectTypeDefinitionNode input => input.Fields.IsEmpty,
            _ => true,
        };

    // 3.3
    private SchemaDefinitionNode ReadSchema(bool isExtension)
    {
        var directives = ReadDirectives(isConstant: true);
        if (!isExtension && _lexer.Kind != TokenKind.LeftBrace)
            Expect(TokenKind.LeftBrace);
        var types =
            ReadMany(
                TokenKind.LeftBrace, TokenKind.RightBrace, static (ref Parser parser) => parser.ReadOperationType());
        return new(types) { Directives = directives };
    }

    private OperationTypeDefinitionNode ReadOperationType()
    {
        var start = _lexer.Start;
        var operation = OperationKeyword() ?? throw (_lexer.Kind == TokenKind.Name
            ? Unexpected()
            : Error($"Expected Name, found {DescribedToken()}."));
        Advance();
        Expect(TokenKind.Colon);
        return new(operation, ReadNamedType()) { Start = start, End = _previousEnd };
    }

    // 3.6
    private ObjectTypeDefinitionNode ReadObjectType()
    {
        var name = ReadName();
        var interfaces = ReadInterfaces();
        var directives = ReadDirectives(isConstant: true);
        return new(name, interfaces, ReadFields()) { Directives = directives };
    }

    // 3.7
    private InterfaceTypeDefinitionNode ReadInterface()
    {
        var name = ReadName();
        var interfaces = ReadInterfaces();
        var directives = ReadDirectives(isConstant: true);
        return new(name, interfaces, ReadFields()) { Directives = directives };
    }

    private ImmutableArray<NamedTypeNode> ReadInterfaces() =>
        SkipKeyword("implements"u8) ? ReadSeparated(TokenKind.Ampersand) : [];

    private ImmutableArray<NamedTypeNode> ReadSeparated(TokenKind separator)
    {
        Skip(separator);
        var types = ImmutableArray.CreateBuilder<NamedTypeNode>();
        do
            types.Add(ReadNamedType());
        while (Skip(separator));
        return types.ToImmutable();
    }

    private ImmutableArray<FieldDefinitionNode> ReadFields() =>
        ReadMany(TokenKind.LeftBrace, TokenKind.RightBrace, static (ref Parser parser) => parser.ReadFieldDefinition());

    private FieldDefinitionNode ReadFieldDefinition()
    {
        var start = _lexer.Start;
        var description = ReadDescription();
        var name = ReadName();
        var arguments = ReadArgumentDefinitions();
        Expect(TokenKind.Colon);
        var type = ReadType();
        return new(name, arguments, type)
        {
            Description = description,
            Directives = ReadDirectives(isConstant: true),
            Start = start,
            End = _previousEnd,
        };
    }

    private ImmutableArray<InputValueDefinitionNode> ReadArgumentDefinitions() =>
        ReadMany(
            TokenKind.LeftParenthesis, TokenKind.RightParenthesis, static (ref Parser parser) =>
                parser.ReadInputValue());

    private InputValueDefinitionNode ReadInputValue()
    {
        var start = _lexer.Start;
        var description = ReadDescription();
        var name = ReadName();
        Expect(TokenKind.Colon);
        var type = ReadType();
        var defaultValue = Skip(TokenKind.Equal) ? ReadValue(isConstant: true) : null;
        return new(name, type, defaultValue)
        {
            Description = description,
            Directives = ReadDirectives(isConstant: true),
            Start = start,
            End = _previousEnd,
        };
    }

    // 3.8
    private UnionTypeDefinitionNode ReadUnion()
    {
        var name = ReadName();
        var directives = ReadDirectives(isConstant: true);
        return new(name, Skip(TokenKind.Equal) ? ReadSeparated(TokenKind.Pipe) : []) { Directives = directives };
    }

    // 3.9
    private EnumTypeDefinitionNode ReadEnum()
    {
        var name = ReadName();
        var directives = ReadDirectives(isConstant: true);
        var values =
            ReadMany(TokenKind.LeftBrace, TokenKind.RightBrace, static (ref Parser parser) => parser.ReadEnumValue());
        return new(name, values) { Directives = directives };
    }

    private EnumValueDefinitionNode ReadEnumValue()
    {
        var start = _lexer.Start;
        var description = ReadDescription();
        if (Is("true"u8) || Is("false"u8) || Is("null"u8))
            throw Error($"{DescribedToken()} is reserved and cannot be used for an enum value.");
        return new(ReadName())
        {
            Description = description,
            Directives = ReadDirectives(isConstant: true),
            Start = start,
            End = _previousEnd,
        };
    }

    // 3.10
    private InputObjectTypeDefinitionNode ReadInput()
    {
        var name = ReadName();
        var directives = ReadDirectives(isConstant: true);
        var fields =
            ReadMany(TokenKind.LeftBrace, TokenKind.RightBrace, static (ref Parser parser) => parser.ReadInputValue());
        return new(name, fields) { Directives = directives };
    }

    // 3.13
    private DirectiveDefinitionNode ReadDirectiveDefinition()
    {
        Expect(TokenKind.At);
        var name = ReadName();
        var arguments = ReadArgumentDefinitions();
        var isRepeatable = SkipKeyword("repeatable"u8);
        ExpectKeyword("on"u8);
        Skip(TokenKind.Pipe);
        var locations = ImmutableArray.CreateBuilder<string>();
        do
            locations.Add(ReadDirectiveLocation());
        while (Skip(TokenKind.Pipe));
        return new(name, arguments, isRepeatable, locations.ToImmutable());
    }

    private string ReadDirectiveLocation()
    {
        if (_lexer.Kind == TokenKind.Name && DirectiveLocations.All.Contains(Encoding.ASCII.GetString(_lexer.Value)))
            return ReadName();
        throw _lexer.Kind == TokenKind.Name ? Unexpected() : Error($"Expected Name, found {DescribedToken()}.");
    }
}
