// Chapter 3: what a schema may say; each refusal stands under the section that forbids it.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Tests.TypeSystem;

public sealed class SchemaTests
{
    private const string Query = "type Query { a: Int } ";

    [Theory]
    [InlineData("3.3.1", "type A { a: Int }", "Query root type must be provided.")]
    [InlineData(
        "3.3.1", "schema { query: Q } input Q { a: Int }", "Query root type must be Object type, it cannot be Q.")]
    [InlineData("3.3.1", Query + "scalar Mutation",
        "Mutation root type must be Object type if provided, it cannot be Mutation.")]
    [InlineData("3.3.1", "schema { query: Q mutation: Q } type Q { a: Int }",
        "All root types must be different, \"Q\" type is used as more than one of them.")]
    [InlineData("3.3", Query + "type A { b: Missing }", "Unknown type \"Missing\".")]
    [InlineData("3.6", Query + "type A", "Type A must define one or more fields.")]
    [InlineData("3.6", Query + "type A { __a: Int }", "Name \"__a\" must not begin with \"__\"")]
    [InlineData("3.6", Query + "type __A { a: Int }", "Name \"__A\" must not begin with \"__\"")]
    [InlineData(
        "3.6", Query + "type A { a: In } input In { a: Int }", "The type of A.a must be Output Type but got: In.")]
    [InlineData(
        "3.6.1", Query + "type A { a(x: Query): Int }", "The type of A.a(x:) must be Input Type but got: Query.")]
    [InlineData(
        "3.6.1", Query + "type A { a(x: Int! @deprecated): Int }", "Required argument A.a(x:) cannot be deprecated.")]
    [InlineData("3.6.1", Query + "type A { a(x: Int = \"x\"): Int }",
        "The default value of A.a(x:) does not fit: Int cannot represent non-integer value: \"x\"")]
    [InlineData("3.6", Query + "type A implements I { b: Int } interface I { a: Int }",
        "Interface field I.a expected but A does not provide it.")]
    [InlineData("3.6", Query + "type A implements I { a: String } interface I { a: Int }",
        "Interface field I.a expects type Int but A.a is type String.")]
    [InlineData("3.6", Query + "type A implements I { a: [Int] } interface I { a: [Int!] }",
        "expects type [Int!] but A.a is type [Int]")]
    [InlineData("3.6", Query + "type A implements I { a(x: Int!): Int } interface I { a: Int }",
        "includes required argument x that is missing from the Interface field I.a")]
    [InlineData("3.6", Query + "type A implements I { a: Int } interface I { a(x: Int): Int }",
        "Interface field argument I.a(x:) expected but A.a does not provide it.")]
    [InlineData("3.6", Query + "type A implements I { a(x: String): Int } interface I { a(x: Int): Int }",
        "expects type Int but A.a(x:) is type String")]
    [InlineData(
        "3.6", Query + "type A implements I { a: Int @deprecated } interface I { a: Int }", "must not be deprecated")]
    [InlineData("3.6", Query + "type A implements Query { a: Int }",
        "Type A must only implement Interface types, it cannot implement Query.")]
    [InlineData("3.6", Query + "type A implements I & I { a: Int } interface I { a: Int }",
        "Type A can only implement I once.")]
    [InlineData("3.7",
        Query + "type A implements I { a: Int } interface I implements J { a: Int } interface J { a: Int }",
            "Type A must implement J because it is implemented by I.")]
    [InlineData("3.7", Query + "interface I implements I { a: Int }",
        "Type I cannot implement itself because it would create a circular reference.")]
    [InlineData("3.8", Query + "union U", "Union type U must define one or more member types.")]
    [InlineData("3.8", Query + "union U = Query | Query", "Union type U can only include type Query once.")]
    [InlineData("3.8", Query + "union U = Int", "Union type U can only include Object types, it cannot include Int.")]
    [InlineData("3.9", Query + "enum E", "Enum type E must define one or more values.")]
    [InlineData("3.9", Query + "enum E { __A }", "Name \"__A\" must not begin with \"__\"")]
    [InlineData("3.10", Query + "input I", "Input Object type I must define one or more fields.")]
    [InlineData("3.10", Query + "input I { a: Query }", "The type of I.a must be Input Type but got: Query.")]
    [InlineData("3.10", Query + "input I { a: Int! @deprecated }", "Required input field I.a cannot be deprecated.")]
    [InlineData("3.10", Query + "input I { a: J! } input J { b: I! }",
        "Cannot reference Input Object \"I\" within itself through a series of non-null fields: \"a.b\".")]
    [InlineData("3.10", Query + "input I { a: I = {} }", "The default value of I.a contains itself.")]
    [InlineData("3.10.1", Query + "input I @oneOf { a: Int! }", "OneOf input field I.a must be nullable.")]
    [InlineData(
        "3.10.1", Query + "input I @oneOf { a: Int = 1 }", "OneOf input field I.a cannot have a default value.")]
    [InlineData("3.13", Query + "directive @__d on FIELD", "Name \"__d\" must not begin with \"__\"")]
    [InlineData(
        "3.13", Query + "directive @d(a: Query) on FIELD", "The type of @d(a:) must be Input Type but got: Query.")]
    [InlineData("3.13", Query + "directive @d(a: Int @d) on ARGUMENT_DEFINITION",
        "Directive \"@d\" must not be used within its own definition.")]
    [InlineData("3.13", Query + "type A @nothing { a: Int }", "Unknown directive \"@nothing\".")]
    [InlineData(
        "3.13.3", Query + "type A @deprecated { a: Int }", "Directive \"@deprecated\" may not be used on OBJECT.")]
    [InlineData("3.13.4", Query + "scalar S @specifiedBy",
        "Directive \"@specifiedBy\" argument \"url\" of type \"String!\" is required, but it was not provided.")]
    [InlineData("3.13", Query + "directive @once on OBJECT type A @once { a: Int } extend type A @once",
        "The directive \"@once\" can only be used once at this location.")]
    public void What_a_section_forbids_is_refused(string section, string sdl, string message)
    {
        var refusal = Assert.Throws<SchemaException>(() => Expect.Schema(sdl));
        Assert.True(
            refusal.Errors[0].Message.Contains(message, StringComparison.Ordinal),
            $"section {section}: {refusal.Message}");
    }

    [Fact]
    public void Section_3_4_3_extensions_become_part_of_what_they_extend()
    {
        var schema = Expect.Schema("""
            schema { query: Q } extend schema { mutation: M } type Q { a: Int } type M { a: Int } extend type Q implements I { b: Int }
            interface I { b: Int } extend interface I @tag union U = Q extend union U = M enum E { A } extend enum E { B }
            input In { a: Int } extend input In { b: Int } scalar S extend scalar S @specifiedBy(url: "u") directive @tag on INTERFACE
            """);
        Assert.Equal("M", schema.MutationType?.Name);
        Assert.Equal(["a", "b"], schema.QueryType.Fields.Names);
        Assert.Equal(["I"], schema.QueryType.Interfaces.Select(type => type.Name));
        Assert.Equal(["Q", "M"], ((UnionType)schema.Type("U")!).Types.Select(type => type.Name));
        Assert.Equal(["A", "B"], ((EnumType)schema.Type("E")!).Values.Names);
        Assert.Equal(["a", "b"], ((InputObjectType)schema.Type("In")!).Fields.Names);
        Assert.Equal("u", ((ScalarType)schema.Type("S")!).SpecifiedBy);
    }

    [Fact]
    public void A_schema_is_printed_as_it_was_written_without_what_is_built_in()
    {
        const string sdl =
            "directive @d on FIELD\n\ntype Query {\n  a(x: Int = 1): [Int!]!\n}\n\n\"\"\"An enum\"\"\"\nenum E {\n  A\n}\n";
        Assert.Equal(sdl, Expect.Schema(sdl).ToString());
        Assert.StartsWith(
            "\"\"\"d\"\"\"\nschema {\n  query: Q\n}\n",
            Expect.Schema("\"d\" schema { query: Q } type Q { a: Int } type Mutation { a: Int }")
                .ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_resolver_for_a_field_that_is_not_there_is_refused()
    {
        var refusal =
            Assert.Throws<SchemaException>(
                () => SchemaBuilder.New().AddDocumentFromString(Query).AddResolver("Query", "b", _ => null).Create());
        Assert.Equal("Expected a field Query.b for the resolver of this name, found none.", refusal.Message);
    }

    [Fact]
    public async Task Section_3_5_5_a_custom_scalar_coerces_as_its_binding_says()
    {
        var schema = SchemaBuilder.New().AddDocumentFromString("scalar Hex type Query { echo(hex: Hex!): Hex }")
            .BindScalar("Hex", ScalarBinding.OfString(text => text.StartsWith("0x", StringComparison.Ordinal)
                ? Coercion.Of(text.ToLowerInvariant())
                : Coercion.Failed($"Expected 0x, found {text}.")))
            .AddResolver("Query", "echo", context => context.ArgumentValue<string>("hex")).Create();
        var executor = new GraphQL.Execution.RequestExecutor(schema);
        Assert.Equal("""{"data":{"echo":"0xab"}}""", await executor.JsonAsync("""{ echo(hex: "0xAB") }"""));
        Assert.Equal(
            """{"data":{"echo":"0xab"}}""",
            await executor.JsonAsync("query ($h: Hex!) { echo(hex: $h) }", """{"h":"0xAB"}"""));
        Assert.Equal(ErrorCodes.Validation, (await executor.RefusedAsync("""{ echo(hex: "AB") }""")).Code);
        Assert.Contains(
            "Expected 0x, found AB.",
            (await executor.RefusedAsync("query ($h: Hex!) { echo(hex: $h) }", """{"h":"AB"}""")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Several_documents_make_one_schema()
    {
        var schema = SchemaBuilder.New().AddDocumentFromString(Query)
            .AddDocument(Parser.Parse("extend type Query { b: Int }")).Create();
        Assert.Equal(["a", "b"], schema.QueryType.Fields.Names);
    }
}
