// The relations of types (specification 3.6 "IsValidImplementationFieldType", 5.5.2.3 and 5.8.5): equal, subtype,
// overlapping.
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.TypeSystem;

internal static class TypeRelations
{
    public static bool AreEqual(GraphQLType left, GraphQLType right) => (left, right) switch
    {
        (NonNullType a, NonNullType b) => AreEqual(a.InnerType, b.InnerType),
        (ListType a, ListType b) => AreEqual(a.ElementType, b.ElementType),
        _ => ReferenceEquals(left, right),
    };

    public static bool IsSubtype(Schema schema, GraphQLType type, GraphQLType of) => (type, of) switch
    {
        (NonNullType a, NonNullType b) => IsSubtype(schema, a.InnerType, b.InnerType),
        (NonNullType a, _) => IsSubtype(schema, a.InnerType, of),
        (_, NonNullType) => false,
        (ListType a, ListType b) => IsSubtype(schema, a.ElementType, b.ElementType),
        (ListType, _) or (_, ListType) => false,
        (InterfaceType a, InterfaceType b) => a == b || a.Interfaces.Contains(b),
        (ObjectType a, _) when of.IsComposite => schema.IsPossible((NamedType)of, a),
        _ => ReferenceEquals(type, of),
    };

    // Whether some object is of both types.
    public static bool Overlap(Schema schema, NamedType left, NamedType right) =>
        left == right || schema.PossibleTypes(left).Any(type => schema.IsPossible(right, type));

    // The type that a written type names, or null when there is none of that name.
    public static GraphQLType? Resolve(Schema schema, TypeNode node) => node switch
    {
        ListTypeNode list => Resolve(schema, list.Type) is { } element ? new ListType(element) : null,
        NonNullTypeNode nonNull => Resolve(schema, nonNull.Type) is { } inner ? new NonNullType(inner) : null,
        NamedTypeNode named => schema.Type(named.Name),
        _ => null,
    };
}
