// The directives that every schema has (specification 3.13), and the two that say what fields cost; the latter are
// known to a schema only when it uses or defines them, so that introspection of other schemas shows nothing foreign.
namespace EventSourced.GraphQL.TypeSystem;

internal static class BuiltInDirectives
{
    public const string Sdl = """"
        "Includes this field or fragment only when the argument is true."
        directive @include("Included when true." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
        "Skips this field or fragment when the argument is true."
        directive @skip("Skipped when true." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
        "Marks an element of a GraphQL schema as no longer supported."
        directive @deprecated(
          "Why the element is deprecated, and usually what to use instead, in Markdown."
          reason: String = "No longer supported"
        ) on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
        "Says where the behavior of this scalar is specified."
        directive @specifiedBy("The address of the specification." url: String!) on SCALAR
        "Says that exactly one field of this input object must be given, and not as null."
        directive @oneOf on INPUT_OBJECT
        """";

    public const string CostSdl = """"
        "What one value of this costs against the limit COST."
        directive @cost("The cost as a number." weight: String!) on FIELD_DEFINITION
        "How many elements the limits COST and LIST_SIZE count for this list."
        directive @listSize(
          "The elements when no argument says how many."
          assumedSize: Int
          "The arguments that say how many elements are asked for."
          slicingArguments: [String!]
          "The fields of the value that hold the list, when the value is a connection."
          sizedFields: [String!]
        ) on FIELD_DEFINITION
        """";

    public static bool Contains(string name) => name is "include" or "skip" or "deprecated" or "specifiedBy" or "oneOf";
}
