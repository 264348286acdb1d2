// A schema enters, its text leaves: definitions in their order, built-in scalars, directives and introspection left
// out.
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.TypeSystem;

internal static class SchemaPrinter
{
    public static string Print(Schema schema)
    {
        var definitions = new List<DefinitionNode>();
        if (NeedsDefinition(schema))
            definitions.Add(Roots(schema));
        definitions.AddRange(schema.Directives.Where(d => !BuiltInDirectives.Contains(d.Name)).Select(d => d.Syntax));
        definitions.AddRange(schema.Types
            .Where(type => !BuiltInScalars.Contains(type.Name) && !type.Name.StartsWith("__", StringComparison.Ordinal))
            .Select(type => type.Syntax));
        return Printer.Print(new DocumentNode([.. definitions])) + "\n";
    }

    private static bool NeedsDefinition(Schema schema) =>
        schema.Description is not null
        || !IsNamed(schema.QueryType, "Query")
        || !IsNamed(schema.MutationType, "Mutation")
        || !IsNamed(schema.SubscriptionType, "Subscription")
        || (schema.MutationType is null && schema.Type("Mutation") is not null)
        || (schema.SubscriptionType is null && schema.Type("Subscription") is not null);

    private static bool IsNamed(ObjectType? type, string name) => type is null || type.Name == name;

    private static SchemaDefinitionNode Roots(Schema schema) => new(
        [.. new[] { OperationType.Query, OperationType.Mutation, OperationType.Subscription }
            .Where(operation => schema.RootType(operation) is not null)
            .Select(operation => new OperationTypeDefinitionNode(operation, new(schema.RootType(operation)!.Name)))])
    {
        Description = schema.Description,
    };
}
