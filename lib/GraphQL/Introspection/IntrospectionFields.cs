// The values of the introspection types (specification 4.2): each field is one line over the schema's own objects.
// Introspection runs through the ordinary executor; only the names of the meta fields are special.
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Introspection;

internal static class IntrospectionFields
{
    public static void Attach(Schema schema)
    {
        AttachMetaFields(schema);
        AttachSchema(schema);
        AttachType(schema);
        AttachMembers(schema);
    }

    private static void AttachMetaFields(Schema schema)
    {
        var type = schema.Type("__Type")!;
        var text = schema.Type("String")!;
        schema.TypeNameMetaField =
            Meta("__typename: String!", new NonNullType(text), MemberCollection<InputField>.Empty,
                "The name of the object's type.");
        schema.SchemaMetaField =
            Meta("__schema: __Schema!", new NonNullType(schema.Type("__Schema")!), MemberCollection<InputField>.Empty,
                "The schema of this server.");
        var name = new InputField(new("name", Parser.ParseType("String!"), null), new NonNullType(text));
        schema.TypeMetaField =
            Meta("__type: __Type", type, new([name], argument => argument.Name), "The type with a name, or null.");
        ResolverBinding.Bind(schema.SchemaMetaField, context => ValueTask.FromResult<object?>(context.Schema));
        ResolverBinding.Bind(schema.TypeMetaField, context =>
            ValueTask.FromResult<object?>(context.Schema.Type(context.ArgumentValue<string>("name"))));
    }

    private static OutputField Meta(
        string sdl, GraphQLType type, MemberCollection<InputField> arguments, string description)
    {
        var parts = sdl.Split(": ");
        return new(new(parts[0], [], Parser.ParseType(parts[1])) { Description = description }, type, arguments);
    }

    private static void AttachSchema(Schema schema)
    {
        Resolve<Schema>(schema, "__Schema", "description", it => it.Description);
        Resolve<Schema>(schema, "__Schema", "types", it => it.Types);
        Resolve<Schema>(schema, "__Schema", "queryType", it => it.QueryType);
        Resolve<Schema>(schema, "__Schema", "mutationType", it => it.MutationType);
        Resolve<Schema>(schema, "__Schema", "subscriptionType", it => it.SubscriptionType);
        Resolve<Schema>(schema, "__Schema", "directives", it => it.Directives);
    }

    private static void AttachType(Schema schema)
    {
        Resolve<GraphQLType>(schema, "__Type", "kind", KindOf);
        Resolve<GraphQLType>(schema, "__Type", "name", it => (it as NamedType)?.Name);
        Resolve<GraphQLType>(schema, "__Type", "description", it => (it as NamedType)?.Description);
        Resolve<GraphQLType>(schema, "__Type", "specifiedByURL", it => (it as ScalarType)?.SpecifiedBy);
        Resolve<GraphQLType>(schema, "__Type", "interfaces", it => it is ComplexType type ? type.Interfaces : null);
        Resolve<GraphQLType>(schema, "__Type", "possibleTypes", it => it is InterfaceType or UnionType
            ? schema.PossibleTypes((NamedType)it).OrderBy(type => schema.Types.IndexOf(type)).ToList()
            : null);
        Resolve<GraphQLType>(schema, "__Type", "ofType", it => it switch
        {
            ListType list => list.ElementType,
            NonNullType nonNull => nonNull.InnerType,
            _ => null,
        });
        Resolve<GraphQLType>(schema, "__Type", "isOneOf", it => it is InputObjectType input ? input.IsOneOf : null);
        ResolveList<GraphQLType, OutputField>(
            schema, "__Type", "fields", it => (it as ComplexType)?.Fields, it => it.DeprecationReason);
        ResolveList<GraphQLType, EnumValue>(
            schema, "__Type", "enumValues", it => (it as EnumType)?.Values, it => it.DeprecationReason);
        ResolveList<GraphQLType, InputField>(
            schema, "__Type", "inputFields", it => (it as InputObjectType)?.Fields, it => it.DeprecationReason);
    }

    private static void AttachMembers(Schema schema)
    {
        Resolve<OutputField>(schema, "__Field", "name", it => it.Name);
        Resolve<OutputField>(schema, "__Field", "description", it => it.Description);
        Resolve<OutputField>(schema, "__Field", "type", it => it.Type);
        Resolve<OutputField>(schema, "__Field", "isDeprecated", it => it.DeprecationReason is not null);
        Resolve<OutputField>(schema, "__Field", "deprecationReason", it => it.DeprecationReason);
        ResolveList<OutputField, InputField>(schema, "__Field", "args", it => it.Arguments, it => it.DeprecationReason);

        Resolve<InputField>(schema, "__InputValue", "name", it => it.Name);
        Resolve<InputField>(schema, "__InputValue", "description", it => it.Description);
        Resolve<InputField>(schema, "__InputValue", "type", it => it.Type);
        Resolve<InputField>(schema, "__InputValue", "defaultValue", it => it.DefaultValue?.ToString());
        Resolve<InputField>(schema, "__InputValue", "isDeprecated", it => it.DeprecationReason is not null);
        Resolve<InputField>(schema, "__InputValue", "deprecationReason", it => it.DeprecationReason);

        Resolve<EnumValue>(schema, "__EnumValue", "name", it => it.Name);
        Resolve<EnumValue>(schema, "__EnumValue", "description", it => it.Description);
        Resolve<EnumValue>(schema, "__EnumValue", "isDeprecated", it => it.DeprecationReason is not null);
        Resolve<EnumValue>(schema, "__EnumValue", "deprecationReason", it => it.DeprecationReason);

        Resolve<DirectiveType>(schema, "__Directive", "name", it => it.Name);
        Resolve<DirectiveType>(schema, "__Directive", "description", it => it.Description);
        Resolve<DirectiveType>(schema, "__Directive", "isRepeatable", it => it.IsRepeatable);
        Resolve<DirectiveType>(schema, "__Directive", "locations", it => it.Locations);
        ResolveList<DirectiveType, InputField>(
            schema, "__Directive", "args", it => it.Arguments, it => it.DeprecationReason);
    }

    private static string KindOf(GraphQLType type) => type switch
    {
        ScalarType => "SCALAR",
        ObjectType => "OBJECT",
        InterfaceType => "INTERFACE",
        UnionType => "UNION",
        EnumType => "ENUM",
        InputObjectType => "INPUT_OBJECT",
        ListType => "LIST",
        _ => "NON_NULL",
    };

    private static void Resolve<T>(Schema schema, string typeName, string fieldName, Func<T, object?> value) =>
        ResolverBinding.Bind(
            Field(schema, typeName, fieldName), context => ValueTask.FromResult(value(context.Parent<T>())));

    private static void ResolveList<T, TMember>(
        Schema schema, string typeName, string fieldName, Func<T, IEnumerable<TMember>?> members,
        Func<TMember, string?> deprecation) =>
        ResolverBinding.Bind(Field(schema, typeName, fieldName), context =>
        {
            var all = members(context.Parent<T>());
            var withDeprecated = context.ArgumentValue<bool?>("includeDeprecated") ?? false;
            return ValueTask.FromResult<object?>(
                withDeprecated ? all : all?.Where(member => deprecation(member) is null));
        });

    private static OutputField Field(Schema schema, string typeName, string fieldName) =>
        ((ObjectType)schema.Type(typeName)!).Fields[fieldName]!;
}
