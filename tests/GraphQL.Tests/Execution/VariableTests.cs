// Section 6.1.2 and the coercion tables of 3.5 to 3.12: JSON of clients becomes values of .NET, or a refusal that
// names them.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Tests.Execution;

public sealed class VariableTests
{
    private static readonly Schema Types = Expect.Schema("""
        enum E { A B } input In { need: Int! byDefault: Int = 3 list: [E!] self: In } input One @oneOf { a: Int b: String }
        scalar Any
        type Query { i(v: Int): Int f(v: Float): Int s(v: String): Int b(v: Boolean): Int id(v: ID): Int e(v: E): Int l(v: [Int!]): Int
          ll(v: [[Int]]): Int in(v: In): Int one(v: One): Int any(v: Any): Int }
        """);

    [Theory]
    [InlineData("Int", "i", "1", "1")]
    [InlineData("Int", "i", "-2147483648", "-2147483648")]
    [InlineData("Int", "i", "1e3", "1000")]
    [InlineData("Int", "i", "1.0", "1")]
    [InlineData("Int", "i", "null", "null")]
    [InlineData("Float", "f", "1", "1")]
    [InlineData("Float", "f", "2.5e3", "2500")]
    [InlineData("String", "s", "\"a\\u00e9\"", "\"aé\"")]
    [InlineData("Boolean", "b", "true", "true")]
    [InlineData("ID", "id", "\"x\"", "\"x\"")]
    [InlineData("ID", "id", "7", "\"7\"")]
    [InlineData("ID", "id", "1e21", "\"1000000000000000000000\"")]
    [InlineData("E", "e", "\"A\"", "\"A\"")]
    [InlineData("[Int!]", "l", "[1,2]", "[1,2]")]
    [InlineData("[Int!]", "l", "1", "[1]")]
    [InlineData("[[Int]]", "ll", "[1,[2,null],null]", "[[1],[2,null],null]")]
    [InlineData("In", "in", """{"need":1,"list":"A"}""", """{"need":1,"byDefault":3,"list":["A"]}""")]
    [InlineData("In", "in", """{"need":1,"byDefault":null,"self":{"need":2}}""",
        """{"need":1,"byDefault":null,"self":{"need":2,"byDefault":3}}""")]
    [InlineData("One", "one", """{"a":1}""", """{"a":1}""")]
    [InlineData("Any", "any", """{"x":[1,2.5,"s",true,null]}""", """{"x":[1,2.5,"s",true,null]}""")]
    public void A_value_that_fits_is_coerced(string type, string field, string given, string expected)
    {
        var values = Coerce(type, field, given);
        Assert.Equal(expected, System.Text.Json.JsonSerializer.Serialize(values["v"], Relaxed));
    }

    [Theory]
    [InlineData("Int", "i", "1.5",
        "Variable \"$v\" got invalid value; Expected type \"Int\". Int cannot represent non-integer value: 1.5")]
    [InlineData("Int", "i", "\"1\"", "Int cannot represent non-integer value: \"1\"")]
    [InlineData("Int", "i", "2147483648", "non 32-bit signed integer value: 2147483648")]
    [InlineData("Int!", "i", "null", "Expected non-nullable type \"Int!\" not to be null.")]
    [InlineData("Float", "f", "1e999", "Float cannot represent non numeric value: 1e999")]
    [InlineData("Float", "f", "\"1\"", "Float cannot represent non numeric value")]
    [InlineData("String", "s", "1", "String cannot represent a non string value: 1")]
    [InlineData("Boolean", "b", "1", "Boolean cannot represent a non boolean value: 1")]
    [InlineData("ID", "id", "1.5", "ID cannot represent value: 1.5")]
    [InlineData("E", "e", "\"C\"", "Value \"C\" does not exist in \"E\" enum.")]
    [InlineData("E", "e", "1", "Enum \"E\" cannot represent non-string value: 1.")]
    [InlineData("[Int!]", "l", "[1,null]", "at \"v[1]\"; Expected non-nullable type \"Int!\" not to be null.")]
    [InlineData("In", "in", "{}", "Field \"need\" of required type \"Int!\" was not provided.")]
    [InlineData("In", "in", "1", "Expected type \"In\" to be an object.")]
    [InlineData(
        "In", "in", """{"need":1,"ned":2}""", "Field \"ned\" is not defined by type \"In\". Did you mean \"need\"")]
    [InlineData("In", "in", """{"need":1,"self":{"need":"x"}}""", "at \"v.self.need\"; Expected type \"Int\".")]
    [InlineData("One", "one", "{}", "Exactly one key must be specified for OneOf type \"One\".")]
    [InlineData("One", "one", """{"a":1,"b":"x"}""", "Exactly one key must be specified for OneOf type \"One\".")]
    [InlineData("One", "one", """{"a":null}""", "Field \"a\" must be non-null.")]
    public void A_value_that_does_not_fit_is_refused_with_its_place(
        string type, string field, string given, string message)
    {
        var error = Assert.Throws<GraphQLException>(() => Coerce(type, field, given)).Errors[0];
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCodes.BadUserInput, error.Code);
        Assert.Equal(new SourceLocation(1, 8), error.Locations[0]);
    }

    [Fact]
    public void Section_6_1_2_a_missing_variable_takes_its_default_or_stays_absent()
    {
        var document =
            Parser.Parse("query ($a: Int = 1, $b: Int, $c: In = { need: 2 }) { i(v: $a) x: i(v: $b) in(v: $c) }");
        var values = OperationPlan.Find(Types, document, null).CoerceVariables(null);
        Assert.Equal("""{"a":1,"c":{"need":2,"byDefault":3}}""", System.Text.Json.JsonSerializer.Serialize(values));
    }

    [Fact]
    public void Problems_of_a_hostile_list_are_counted_and_cut()
    {
        var list = $"[{string.Join(',', Enumerable.Repeat("\"x\"", 10_000))}]";
        Assert.Equal(50, Assert.Throws<GraphQLException>(() => Coerce("[Int!]", "l", list)).Errors.Length);
    }

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static IReadOnlyDictionary<string, object?> Coerce(string type, string field, string given)
    {
        var document = Parser.Parse($"query ($v: {type}) {{ {field}(v: $v) }}");
        return OperationPlan.Find(Types, document, null)
            .CoerceVariables(System.Text.Json.JsonElement.Parse($"{{\"v\":{given}}}"));
    }
}
