// A document and a schema enter, the errors of all rules leave (specification 5). Rules run side by side in one walk.
using System.Collections.Immutable;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Validation.Rules;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation;

/// <summary>Tells whether a document fits a schema.</summary>
public static class DocumentValidator
{
    /// <summary>After so many errors the walk stops: more would not help the client and would cost the
    /// server.</summary>
    public const int DefaultMaxErrors = 100;

    /// <summary>All that is wrong with a document; nothing when it can be run.</summary>
    public static ImmutableArray<GraphQLError> Validate(
        Schema schema, DocumentNode document, int maxErrors = DefaultMaxErrors) =>
        Validate(schema, document, maxErrors, allowIntrospection: true);

    internal static ImmutableArray<GraphQLError> Validate(
        Schema schema, DocumentNode document, int maxErrors, bool allowIntrospection) =>
        Validate(
            new ValidationContext(document, schema, maxErrors),
            allowIntrospection ? Specified() : Specified().Add(new NoIntrospection()));

    internal static ImmutableArray<GraphQLError> Validate(
        ValidationContext context, ImmutableArray<ValidationRule> rules)
    {
        new DocumentWalker(context, rules).Walk();
        return context.Errors;
    }

    private static ImmutableArray<ValidationRule> Specified() =>
    [
        new ExecutableDefinitions(),
        new UniqueOperationNames(),
        new LoneAnonymousOperation(),
        new OperationTypeExists(),
        new SingleFieldSubscriptions(),
        new KnownTypeNames(),
        new FragmentsOnCompositeTypes(),
        new VariablesAreInputTypes(),
        new ScalarLeafs(),
        new FieldsOnCorrectType(),
        new UniqueFragmentNames(),
        new KnownFragmentNames(),
        new NoUnusedFragments(),
        new PossibleFragmentSpreads(),
        new NoFragmentCycles(),
        new UniqueVariableNames(),
        new NoUndefinedVariables(),
        new NoUnusedVariables(),
        new KnownDirectives(),
        new UniqueDirectivesPerLocation(),
        new KnownArgumentNames(),
        new UniqueArgumentNames(),
        new ValuesOfCorrectType(),
        new ProvidedRequiredArguments(),
        new VariablesInAllowedPosition(),
        new OverlappingFieldsCanBeMerged(),
        new UniqueInputFieldNames(),
        new MaxIntrospectionDepth(),
    ];
}
