// The definitions of a schema enter, their faults leave as text (specification 3): names that clash, unknown names,
// extensions of missing types. Rules that hold for all documents are the ones that clients' documents obey.
using System.Collections.Immutable;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Rules;
using EventSourced.GraphQL.Validation.SchemaRules;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation;

internal static class SchemaDocumentValidator
{
    public static ImmutableArray<GraphQLError> Validate(DocumentNode document) => DocumentValidator.Validate(
        new ValidationContext(document, null, DocumentValidator.DefaultMaxErrors),
        [
            new TypeSystemDefinitions(),
            new LoneSchemaDefinition(),
            new UniqueOperationTypes(),
            new UniqueTypeNames(),
            new UniqueEnumValueNames(),
            new UniqueFieldDefinitionNames(),
            new UniqueArgumentDefinitionNames(),
            new UniqueDirectiveNames(),
            new PossibleTypeExtensions(),
            new KnownTypeNames(),
            new KnownDirectives(),
            new UniqueDirectivesPerLocation(),
            new KnownArgumentNames(),
            new UniqueArgumentNames(),
            new UniqueInputFieldNames(),
            new ProvidedRequiredArguments(),
        ]);
}
