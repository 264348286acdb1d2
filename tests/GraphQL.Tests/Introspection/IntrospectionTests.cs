// Chapter 4: what a schema tells about itself, read by the reference implementation's own client.
using System.Text.Json;
using EventSourced.GraphQL.Execution;

namespace EventSourced.GraphQL.Tests.Introspection;

public sealed class IntrospectionTests
{
    private const string Everything = """"
        """All of it"""
        schema { query: Root mutation: Change subscription: Watch }
        directive @d(a: Int = 1, b: [In!]! = [{ n: 1 }] @deprecated(reason: "x")) repeatable on FIELD | QUERY
        """A root""" type Root implements I & J { id: ID! u(x: In = { n: 2, e: B, t: "q\"" }): U old: Int @deprecated older: E @deprecated(reason: "no") }
        type Change { set(a: [[Int!]]! = [[1], null]): S } type Watch { on: Root }
        interface J { id: ID! } interface I implements J { id: ID! } union U = Root | Change
        enum E { A B @deprecated C } input In { n: Int! = 3 e: E t: String nested: In old: Int @deprecated(reason: "gone") }
        input One @oneOf { a: Int b: One } scalar S @specifiedBy(url: "https://example.org") extend type Watch { by(one: One): Float }
        """";

    [Fact]
    public async Task Section_4_2_graphql_js_builds_the_same_schema_from_our_introspection()
    {
        var query = await Npm.RunAsync("introspection.mjs", []);
        var schemas = JsonSerializer.Deserialize<string[]>(await Npm.RunAsync("printschemas.mjs", []))!;
        foreach (var sdl in schemas.Append(Everything))
        {
            var introspection = await new RequestExecutor(Expect.Schema(sdl)).JsonAsync(query);
            var input = $$"""{"sdl":{{JsonSerializer.Serialize(sdl)}},"introspection":{{introspection}}}""";
            using var answer = JsonDocument.Parse(await Npm.RunAsync("clientschema.mjs", [], input));
            Assert.Equal(
                answer.RootElement.GetProperty("expected").GetString(), answer.RootElement.GetProperty("found")
                    .GetString());
        }
    }

    [Fact]
    public async Task Section_4_1_the_type_name_is_told_on_every_composite_type() => Assert.Equal(
        """{"data":{"__typename":"Query","__schema":{"__typename":"__Schema"}}}""",
        await new RequestExecutor(Expect.Pets).JsonAsync("{ __typename __schema { __typename } }"));

    [Fact]
    public async Task Section_4_2_2_a_type_is_found_by_its_name_or_is_null() => Assert.Equal(
        """{"data":{"a":{"kind":"UNION","name":"CatOrDog","possibleTypes":[{"name":"Dog"},{"name":"Cat"}],"fields":null},"b":null}}""",
        await new RequestExecutor(Expect.Pets).JsonAsync(
            """query ($n: String!) { a: __type(name: $n) { kind name possibleTypes { name } fields { name } } b: __type(name: "Nothing") { name } }""",
            """{"n":"CatOrDog"}"""));

    [Fact]
    public async Task Section_4_2_3_what_is_deprecated_is_hidden_until_it_is_asked_for()
    {
        var executor = new RequestExecutor(Expect.Schema(Everything));
        Assert.Equal(
            """{"data":{"a":{"fields":[{"name":"id"},{"name":"u"}]},"b":{"fields":[{"name":"id","isDeprecated":false,"deprecationReason":null},{"name":"u","isDeprecated":false,"deprecationReason":null},{"name":"old","isDeprecated":true,"deprecationReason":"No longer supported"},{"name":"older","isDeprecated":true,"deprecationReason":"no"}]}}}""",
            await executor.JsonAsync(
                """{ a: __type(name: "Root") { fields { name } } b: __type(name: "Root") { fields(includeDeprecated: true) { name isDeprecated deprecationReason } } }"""));
        Assert.Equal(
            """{"data":{"e":{"enumValues":[{"name":"A"},{"name":"C"}]},"i":{"inputFields":[{"name":"n","defaultValue":"3"},{"name":"e","defaultValue":null},{"name":"t","defaultValue":null},{"name":"nested","defaultValue":null}]},"o":{"isOneOf":true},"s":{"specifiedByURL":"https://example.org"}}}""",
            await executor.JsonAsync(
                """{ e: __type(name: "E") { enumValues { name } } i: __type(name: "In") { inputFields { name defaultValue } } o: __type(name: "One") { isOneOf } s: __type(name: "S") { specifiedByURL } }"""));
    }
}
