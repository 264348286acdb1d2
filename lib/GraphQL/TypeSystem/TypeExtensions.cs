// Definitions and extensions enter, definitions that contain their extensions leave (specification 3.4.3).
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.TypeSystem;

internal static class TypeExtensions
{
    public static List<TypeSystemDefinitionNode> Merge(IEnumerable<TypeSystemDefinitionNode> definitions)
    {
        var all = definitions.ToList();
        var extensions = all.Where(definition => definition.IsExtension).ToLookup(Key);
        return [.. all.Where(definition => !definition.IsExtension)
            .Select(definition => extensions[Key(definition)].Aggregate(definition, Extend))];
    }

    private static string Key(TypeSystemDefinitionNode definition) => definition switch
    {
        TypeDefinitionNode type => type.Name,
        DirectiveDefinitionNode directive => $"@{directive.Name}",
        _ => "",
    };

    private static TypeSystemDefinitionNode Extend(TypeSystemDefinitionNode definition, TypeSystemDefinitionNode by)
    {
        TypeSystemDefinitionNode extended = (definition, by) switch
        {
            (SchemaDefinitionNode a, SchemaDefinitionNode b) =>
                a with { OperationTypes = a.OperationTypes.AddRange(b.OperationTypes) },
            (ComplexTypeDefinitionNode a, ComplexTypeDefinitionNode b) => a with
            {
                Interfaces = a.Interfaces.AddRange(b.Interfaces),
                Fields = a.Fields.AddRange(b.Fields),
            },
            (UnionTypeDefinitionNode a, UnionTypeDefinitionNode b) => a with { Types = a.Types.AddRange(b.Types) },
            (EnumTypeDefinitionNode a, EnumTypeDefinitionNode b) => a with { Values = a.Values.AddRange(b.Values) },
            (InputObjectTypeDefinitionNode a, InputObjectTypeDefinitionNode b) =>
                a with { Fields = a.Fields.AddRange(b.Fields) },
            _ => definition,
        };
        return extended with { Directives = extended.Directives.AddRange(by.Directives) };
    }
}
