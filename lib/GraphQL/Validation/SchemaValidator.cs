// Types that know one another enter, their faults by the specification's "Type Validation" sections leave (3.3 to
// 3.13).
using System.Collections.Immutable;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation;

internal sealed class SchemaValidator
{
    private readonly DocumentNode _document;
    private readonly ImmutableArray<NamedType> _types;
    private readonly ImmutableArray<GraphQLError>.Builder _errors = ImmutableArray.CreateBuilder<GraphQLError>();

    private SchemaValidator(ImmutableArray<NamedType> types, DocumentNode document)
    {
        _types = types;
        _document = document;
    }

    public static ImmutableArray<GraphQLError> Validate(
        ImmutableArray<NamedType> types, IReadOnlyList<DirectiveType> directives, RootTypes roots,
        DocumentNode document)
    {
        var validator = new SchemaValidator(types, document);
        validator.CheckRoots(roots);
        foreach (var directive in directives)
            validator.CheckDirective(directive);
        foreach (var type in types)
            validator.CheckType(type);
        InputObjectCycles.Check(types, validator.Report);
        return validator._errors.ToImmutable();
    }

    // 3.3.1
    private void CheckRoots(RootTypes roots)
    {
        if (roots.Query is null)
            Report("Query root type must be provided.");
        else if (roots.Query is not ObjectType)
            Report($"Query root type must be Object type, it cannot be {roots.Query}.", roots.Query.Syntax);
        foreach (var (type, name) in new[] { (roots.Mutation, "Mutation"), (roots.Subscription, "Subscription") })
        {
            if (type is not null and not ObjectType)
                Report($"{name} root type must be Object type if provided, it cannot be {type}.", type.Syntax);
        }

        foreach (
            var shared in new[] { roots.Query, roots.Mutation, roots.Subscription }.OfType<NamedType>().GroupBy(t => t)
                .Where(g => g.Count() > 1))
            Report($"All root types must be different, \"{shared.Key}\" type is used as more than one of them.",
                shared.Key.Syntax);
    }

    // 3.13
    private void CheckDirective(DirectiveType directive)
    {
        CheckName(directive.Name, directive.Syntax);
        foreach (var argument in directive.Arguments)
            CheckInput(argument, $"@{directive.Name}({argument.Name}:)", "argument");
        if (SyntaxReferences(directive).Contains(directive.Name))
            Report($"Directive \"@{directive.Name}\" must not be used within its own definition.", directive.Syntax);
    }

    private static IEnumerable<string> SyntaxReferences(DirectiveType directive) =>
        directive.Syntax.Arguments.SelectMany(argument => argument.Directives).Select(applied => applied.Name);

    private void CheckType(NamedType type)
    {
        if (!IntrospectionName(type))
            CheckName(type.Name, type.Syntax);
        switch (type)
        {
            case ComplexType complex:
                CheckFields(complex);
                InterfaceImplementation.Check(complex, Report);
                break;
            case UnionType union:
                CheckUnion(union);
                break;
            case EnumType @enum:
                CheckEnum(@enum);
                break;
            case InputObjectType input:
                CheckInputObject(input);
                break;
        }
    }

    // The introspection types are ours (4.2); a schema cannot define others with such names.
    private static bool IntrospectionName(NamedType type) =>
        type.Syntax.Start < 0 && IntrospectionTypes.Contains(type.Name);

    private void CheckFields(ComplexType type)
    {
        if (type.Fields.Count == 0)
            Report($"Type {type} must define one or more fields.", type.Syntax);
        foreach (var field in type.Fields)
        {
            CheckName(field.Name, field.Syntax);
            if (!field.Type.IsOutput)
                Report($"The type of {type}.{field.Name} must be Output Type but got: {field.Type}.", field.Syntax);
            foreach (var argument in field.Arguments)
                CheckInput(argument, $"{type}.{field.Name}({argument.Name}:)", "argument");
        }
    }

    private void CheckInput(InputField input, string coordinate, string what)
    {
        CheckName(input.Name, input.Syntax);
        if (!input.Type.IsInput)
        {
            Report($"The type of {coordinate} must be Input Type but got: {input.Type}.", input.Syntax);
            return;
        }

        if (input.IsRequired && input.DeprecationReason is not null)
            Report($"Required {what} {coordinate} cannot be deprecated.", input.Syntax);
        if (input.DefaultValue is { } value)
        {
            LiteralCheck.Check(value, input.Type, (message, nodes) =>
                Report($"The default value of {coordinate} does not fit: {message}", nodes.Length > 0
                    ? nodes[0]
                    : input.Syntax));
        }
    }

    // 3.8
    private void CheckUnion(UnionType union)
    {
        var syntax = (UnionTypeDefinitionNode)union.Syntax;
        if (syntax.Types.IsEmpty)
            Report($"Union type {union} must define one or more member types.", syntax);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in syntax.Types)
        {
            if (!seen.Add(member.Name))
                Report($"Union type {union} can only include type {member.Name} once.", member);
            else if (_types.First(type => type.Name == member.Name) is not ObjectType)
                Report($"Union type {union} can only include Object types, it cannot include {member.Name}.", member);
        }
    }

    // 3.9
    private void CheckEnum(EnumType type)
    {
        if (type.Values.Count == 0)
            Report($"Enum type {type} must define one or more values.", type.Syntax);
        foreach (var value in ((EnumTypeDefinitionNode)type.Syntax).Values)
            CheckName(value.Name, value);
    }

    // 3.10
    private void CheckInputObject(InputObjectType type)
    {
        if (type.Fields.Count == 0)
            Report($"Input Object type {type} must define one or more fields.", type.Syntax);
        foreach (var field in type.Fields)
        {
            CheckInput(field, $"{type}.{field.Name}", "input field");
            if (type.IsOneOf && field.Type.IsNonNull)
                Report($"OneOf input field {type}.{field.Name} must be nullable.", field.Syntax);
            if (type.IsOneOf && field.DefaultValue is not null)
                Report($"OneOf input field {type}.{field.Name} cannot have a default value.", field.Syntax);
        }
    }

    // 2.1.7 and 4: names that begin with two underscores belong to introspection.
    private void CheckName(string name, SyntaxNode node)
    {
        if (name.StartsWith("__", StringComparison.Ordinal))
            Report($"Name \"{name}\" must not begin with \"__\", which is reserved by GraphQL introspection.", node);
    }

    private void Report(string message, params ReadOnlySpan<SyntaxNode> nodes)
    {
        var locations = ImmutableArray.CreateBuilder<SourceLocation>();
        foreach (var node in nodes)
            locations.AddRange(_document.Locate(node));
        _errors.Add(new(message, ErrorCodes.Validation) { Locations = locations.ToImmutable() });
    }
}
