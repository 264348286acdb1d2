// Definitions enter (text or nodes, in any number of documents), a valid Schema with its resolvers leaves, or a
// SchemaException with all errors at once. Extensions are merged into their definitions before types are made. This
// is the only place that knows types, validation, introspection and execution together.
using System.Collections.Immutable;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Introspection;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Validation;

namespace EventSourced.GraphQL;

/// <summary>The schema is not valid; the errors say why.</summary>
public sealed class SchemaException(ImmutableArray<GraphQLError> errors) : GraphQLException(errors);

/// <summary>Makes schemas.</summary>
public sealed class SchemaBuilder
{
    private readonly List<DocumentNode> _documents = [];
    private readonly Dictionary<(string Type, string Field), FieldResolver> _resolvers = [];
    private readonly Dictionary<(string Type, string Field), EventSource> _subscribers = [];
    private readonly Dictionary<string, ScalarBinding> _scalars = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<object, bool>> _typeChecks = new(StringComparer.Ordinal);

    private SchemaBuilder()
    {
    }

    /// <summary>A builder without definitions.</summary>
    public static SchemaBuilder New() => new();

    /// <summary>Adds definitions as text.</summary>
    public SchemaBuilder AddDocumentFromString(string sdl) => AddDocument(Parser.Parse(sdl));

    /// <summary>Adds definitions as nodes.</summary>
    public SchemaBuilder AddDocument(DocumentNode document)
    {
        _documents.Add(document);
        return this;
    }

    /// <summary>Says how a field gets its value.</summary>
    public SchemaBuilder AddResolver(string typeName, string fieldName, FieldResolver resolver)
    {
        _resolvers[(typeName, fieldName)] = resolver;
        return this;
    }

    /// <summary>Says how a field gets its value, when nothing has to be awaited.</summary>
    public SchemaBuilder AddResolver(string typeName, string fieldName, Func<ResolverContext, object?> resolver) =>
        AddResolver(typeName, fieldName, context => ValueTask.FromResult(resolver(context)));

    /// <summary>Says where a subscription's field gets its events.</summary>
    public SchemaBuilder AddSubscriber(string fieldName, EventSource source)
    {
        _subscribers[("", fieldName)] = source;
        return this;
    }

    /// <summary>Says how a scalar's values are coerced.</summary>
    public SchemaBuilder BindScalar(string name, ScalarBinding binding)
    {
        _scalars[name] = binding;
        return this;
    }

    /// <summary>Says which values of an abstract type are of this object type.</summary>
    public SchemaBuilder BindTypeCheck(string objectName, Func<object, bool> isTypeOf)
    {
        _typeChecks[objectName] = isTypeOf;
        return this;
    }

    /// <summary>Makes the schema.</summary>
    public Schema Create()
    {
        var merged = Definitions();
        var errors = SchemaDocumentValidator.Validate(merged);
        if (!errors.IsEmpty)
            throw new SchemaException(errors);

        var definitions = TypeExtensions.Merge(merged.Definitions.OfType<TypeSystemDefinitionNode>());
        var shells = definitions.OfType<TypeDefinitionNode>().ToDictionary(d => d.Name, Shell, StringComparer.Ordinal);
        var types = new TypeFactory(shells);
        foreach (var type in shells.Values)
            types.Complete(type);
        var directives = definitions.OfType<DirectiveDefinitionNode>().Select(types.Directive).ToList();

        var schemaNode = definitions.OfType<SchemaDefinitionNode>().FirstOrDefault();
        var roots = RootTypes.Find(schemaNode, shells);
        errors = SchemaValidator.Validate([.. shells.Values], directives, roots, merged);
        if (!errors.IsEmpty)
            throw new SchemaException(errors);

        var schema = new Schema(
            shells.Values, directives, schemaNode,
            (ObjectType)roots.Query!, (ObjectType?)roots.Mutation, (ObjectType?)roots.Subscription);
        IntrospectionFields.Attach(schema);
        AttachResolvers(schema);
        return schema;
    }

    // One document of everything, so that errors find their places; a program's nodes have none.
    private DocumentNode Definitions()
    {
        var given = _documents.SelectMany(document => document.Definitions).ToList();
        var builtIn = Parser.Parse(BuiltInScalars.Sdl).Definitions
            .Concat(Parser.Parse(BuiltInDirectives.Sdl).Definitions)
            .Concat(Parser.Parse(IntrospectionTypes.Sdl).Definitions)
            .Where(definition => !IsRedefined(definition, given))
            .Select(definition => definition with { Start = -1, End = -1 });
        var cost = UsesCost()
            ? Parser.Parse(BuiltInDirectives.CostSdl).Definitions.Where(d => !IsRedefined(d, given))
            : [];
        return new DocumentNode([.. given, .. builtIn, .. cost])
        {
            Source = _documents.Count == 1 ? _documents[0].Source : default,
        };
    }

    private static bool IsRedefined(DefinitionNode builtIn, List<DefinitionNode> given) => builtIn switch
    {
        DirectiveDefinitionNode directive => given.OfType<DirectiveDefinitionNode>().Any(d => d.Name == directive.Name),
        TypeDefinitionNode type => given.OfType<TypeDefinitionNode>().Any(t => t.Name == type.Name && !t.IsExtension),
        _ => false,
    };

    private bool UsesCost() => _documents.SelectMany(d => d.Definitions).OfType<ComplexTypeDefinitionNode>()
        .SelectMany(type => type.Fields)
        .Any(field => field.Directives.Any(directive => directive.Name is "cost" or "listSize"));

    private NamedType Shell(TypeDefinitionNode syntax) => syntax switch
    {
        ScalarTypeDefinitionNode scalar => new ScalarType(
            scalar, _scalars.GetValueOrDefault(scalar.Name) ?? BuiltInScalars.Find(scalar.Name)),
        ObjectTypeDefinitionNode @object =>
            new ObjectType(@object) { IsTypeOf = _typeChecks.GetValueOrDefault(@object.Name) },
        InterfaceTypeDefinitionNode @interface => new InterfaceType(@interface),
        UnionTypeDefinitionNode union => new UnionType(union),
        EnumTypeDefinitionNode @enum => new EnumType(@enum),
        var input => new InputObjectType((InputObjectTypeDefinitionNode)input),
    };

    private void AttachResolvers(Schema schema)
    {
        foreach (var ((typeName, fieldName), resolver) in _resolvers)
            ResolverBinding.Bind(Field(schema, typeName, fieldName), resolver);
        foreach (var ((_, fieldName), source) in _subscribers)
            ResolverBinding.Bind(Field(schema, schema.SubscriptionType?.Name ?? "Subscription", fieldName), source);
    }

    private static OutputField Field(Schema schema, string typeName, string fieldName) =>
        (schema.Type(typeName) as ComplexType)?.Fields[fieldName] ?? throw new SchemaException(
            [new($"Expected a field {typeName}.{fieldName} for the resolver of this name, found none.",
                ErrorCodes.Validation)]);
}
