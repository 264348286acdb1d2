// The vocabulary of the tests: a schema for validation, and what is expected of documents and requests against it.
using System.Text.Json;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Response;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Validation;

namespace EventSourced.GraphQL.Tests;

internal static class Expect
{
    public static Schema Pets { get; } = SchemaBuilder.New().AddDocumentFromString("""
        directive @onField on FIELD
        directive @many(n: Int! = 1, required: String!) repeatable on FIELD
        interface Being { name(surname: Boolean): String }
        interface Pet implements Being { name(surname: Boolean): String nickname: String }
        type Dog implements Being & Pet {
          name(surname: Boolean): String nickname: String barkVolume: Int barks: Boolean
          knows(command: Command): Boolean likes(other: [ID!]! = []): Boolean owner: Human mother: Dog
        }
        type Cat implements Being & Pet { name(surname: Boolean): String nickname: String meowVolume: Int meows: Boolean! owner: Human }
        type Human implements Being { name(surname: Boolean): String pets: [Pet] relatives: [Human]! iq: Int }
        type Rock { weight: Float name: [String] }
        union CatOrDog = Cat | Dog
        union Thing = Rock | Human
        enum Command { SIT HEEL DOWN }
        input Complex { required: Boolean! nonNull: Boolean! = false int: Int text: String list: [String] self: Complex }
        input One @oneOf { id: ID text: String }
        scalar Anything
        type Arguments {
          int(a: Int): String nonNullInt(a: Int!): String two(a: Int!, b: Int!): String withDefault(a: Int! = 0): String
          string(a: String): String boolean(a: Boolean): String float(a: Float): String id(a: ID): String
          list(a: [String]): String nonNullList(a: [String!]!): String matrix(a: [[Int!]]): String
          enum(a: Command): String complex(a: Complex): String one(a: One): String anything(a: Anything): String
        }
        type Query {
          human(id: ID): Human dog: Dog cat: Cat pet: Pet being: Being catOrDog: CatOrDog thing: Thing arguments: Arguments
          invalid: String
        }
        type Mutation { feed: Dog }
        type Subscription { fed: Dog born: Pet }
        """).Create();

    public static void Valid(string document, Schema? schema = null) =>
        Assert.Empty(Validate(document, schema).Select(error => error.Message));

    // Each expected text stands in the message of one error, in their order.
    public static void Errors(string document, params string[] messages) => Errors(Pets, document, messages);

    public static void Errors(Schema schema, string document, params string[] messages)
    {
        var errors = Validate(document, schema);
        Assert.Equal(messages.Length, errors.Count(error => error.Message.Length > 0));
        Assert.All(
            errors.Zip(messages), pair => Assert.Contains(pair.Second, pair.First.Message, StringComparison.Ordinal));
        Assert.All(errors, error => Assert.NotEmpty(error.Locations));
        Assert.All(errors, error => Assert.Equal(ErrorCodes.Validation, error.Code));
    }

    public static void SchemaErrors(string sdl, params string[] messages)
    {
        var refusal = Assert.Throws<SchemaException>(() => SchemaBuilder.New().AddDocumentFromString(sdl).Create());
        Assert.Equal(messages.Length, refusal.Errors.Length);
        Assert.All(
            refusal.Errors.Zip(messages), pair =>
                Assert.Contains(pair.Second, pair.First.Message, StringComparison.Ordinal));
    }

    public static Schema Schema(string sdl) => SchemaBuilder.New().AddDocumentFromString(sdl).Create();

    public static async Task<string> JsonAsync(
        this RequestExecutor executor, string document, string? variables = null, string? operationName = null)
    {
        var result = await executor.ExecuteAsync(OperationRequest.FromText(document) with
        {
            Variables = variables is null ? null : JsonElement.Parse(variables),
            OperationName = operationName,
        });
        return Assert.IsType<OperationResult>(result).ToJson();
    }

    public static async Task<GraphQLError> RefusedAsync(
        this RequestExecutor executor, string document, string? variables = null)
    {
        var result = Assert.IsType<OperationResult>(await executor.ExecuteAsync(OperationRequest.FromText(document) with
        {
            Variables = variables is null ? null : JsonElement.Parse(variables),
        }));
        Assert.False(result.HasData);
        return result.Errors[0];
    }

    private static System.Collections.Immutable.ImmutableArray<GraphQLError> Validate(
        string document, Schema? schema) =>
        DocumentValidator.Validate(schema ?? Pets, Parser.Parse(document));
}
