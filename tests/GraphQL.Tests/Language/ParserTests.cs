// Chapter 2.2 to 2.12 and appendix C: what the grammar lets in, what it refuses, and where errors point.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.Tests.Language;

public sealed class ParserTests
{
    [Theory]
    [InlineData("2.2", "{ a } query B { b } fragment F on T { c }")]
    [InlineData("2.3", "mutation M { like { count } }")]
    [InlineData("2.3", "subscription { a }")]
    [InlineData("2.4", "{ a b c { d } }")]
    [InlineData("2.5", "{ on fragment query type null: true }")]
    [InlineData("2.6", "{ a(x: 1, y: $z) }")]
    [InlineData("2.7", "{ small: pic(size: 64) big: pic(size: 1024) }")]
    [InlineData("2.8", "{ ...F @a ... on T @b { x } ... @include(if: true) { y } ... { z } } fragment F on T @c { w }")]
    [InlineData(
        "2.9", "{ a(i: -1, f: 1.5e3, b: true, s: \"s\", n: null, e: ENUM, l: [1, [2]], o: {a: {b: $c}, d: []}) }")]
    [InlineData("2.10", "query Q($a: Int = 1 @d, $b: [String!]! = [\"x\"]) { f(a: $a, b: $b) }")]
    [InlineData("2.11", "query Q($a: [[Int!]]!) { f(a: $a) }")]
    [InlineData("2.12", "query Q @a(x: 1) @a(x: 2) { f @b }")]
    [InlineData(
        "2.2", "\"what it does\" query Q(\"which\" $a: Int) { f(a: $a) } \"\"\"block\"\"\" fragment F on T { x }")]
    [InlineData("3.3",
        "\"d\" schema @a { query: Q mutation: M subscription: S } extend schema @b extend schema { mutation: N }")]
    [InlineData("3.5", "scalar A @d extend scalar A @e")]
    [InlineData("3.6",
        "type A implements & B & C @d { \"f\" f(\"x\" x: Int = 1 @e): Int! @g } extend type A implements D type Empty")]
    [InlineData("3.7", "interface A implements B & C { f: Int } extend interface A @d")]
    [InlineData("3.8", "union U @d = | A | B union V = A extend union U = C")]
    [InlineData("3.9", "enum E @d { \"a\" A @x B } extend enum E { C }")]
    [InlineData("3.10", "input I @d { a: Int = 1 @x b: [I!] } extend input I { c: Int }")]
    [InlineData("3.13", "\"d\" directive @d(a: Int = 1) repeatable on | FIELD | QUERY")]
    public void What_a_section_allows_is_read_and_printed_back(string section, string source)
    {
        var printed = Parser.Parse(source).ToString();
        Assert.True(printed == Parser.Parse(printed).ToString(), $"section {section}: {printed}");
        Assert.Equal(Words(source), Words(printed));
    }

    [Theory]
    [InlineData("", "Unexpected <EOF>.", 1, 1)]
    [InlineData("{", "Expected Name, found <EOF>.", 1, 2)]
    [InlineData("{ }", "Expected Name, found \"}\".", 1, 3)]
    [InlineData("query", "Expected \"{\", found <EOF>.", 1, 6)]
    [InlineData("{ a(", "Expected Name, found <EOF>.", 1, 5)]
    [InlineData("{ a() }", "Expected Name, found \")\".", 1, 5)]
    [InlineData("{ ...on }", "Expected Name, found \"}\".", 1, 9)]
    [InlineData("fragment on on T { a }", "Unexpected Name \"on\".", 1, 10)]
    [InlineData("fragment F T { a }", "Expected \"on\", found Name \"T\".", 1, 12)]
    [InlineData("query ($a: Int = $b) { a }", "Unexpected variable \"$b\" in constant value.", 1, 19)]
    [InlineData("{ a(x: ) }", "Unexpected \")\".", 1, 8)]
    [InlineData("\n\r\n  { é", "Unexpected character: U+00E9.", 3, 5)]
    [InlineData("{ a(s: \"é\") ? }", "Unexpected character: \"?\".", 1, 13)]
    [InlineData("\"d\" { a }", "descriptions are not supported on shorthand queries", 1, 5)]
    [InlineData("\"d\" extend type A { a: Int }", "only GraphQL definitions support descriptions", 1, 5)]
    [InlineData("extend type A", "Unexpected <EOF>.", 1, 14)]
    [InlineData("extend directive @a on FIELD", "Unexpected Name \"directive\".", 1, 8)]
    [InlineData("type A { }", "Expected Name, found \"}\".", 1, 10)]
    [InlineData("schema", "Expected \"{\", found <EOF>.", 1, 7)]
    [InlineData("schema { 1: Q }", "Expected Name, found Int \"1\".", 1, 10)]
    [InlineData("schema { root: Q }", "Unexpected Name \"root\".", 1, 10)]
    [InlineData("enum E { true }", "is reserved and cannot be used for an enum value", 1, 10)]
    [InlineData("directive @a on FIELD | NOWHERE", "Unexpected Name \"NOWHERE\".", 1, 25)]
    [InlineData("directive @a on 1", "Expected Name, found Int \"1\".", 1, 17)]
    [InlineData("nonsense", "Unexpected Name \"nonsense\".", 1, 1)]
    [InlineData("\"\"\"b\"\"\" 1.5", "Unexpected Float \"1.5\".", 1, 9)]
    public void What_the_grammar_forbids_is_refused_at_its_place(string source, string message, int line, int column)
    {
        var error = Assert.Throws<SyntaxException>(() => Parser.Parse(source)).Errors[0];
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(new SourceLocation(line, column), error.Locations[0]);
        Assert.Equal(ErrorCodes.Syntax, error.Code);
    }

    [Theory]
    [InlineData("\"\\\" \\\\ \\/ \\b\\f\\n\\r\\t\"", "\" \\ / \b\f\n\r\t")]
    [InlineData("\"\\u00e9 \\u{1F600} \\uD83D\\uDE00 \u4e16\"", "é 😀 😀 世")]
    [InlineData("\"\"\"\n    Hello,\n      World!\n\n    Yours,\n      GraphQL.\n  \"\"\"",
        "Hello,\n  World!\n\nYours,\n  GraphQL.")]
    [InlineData(
        "\"\"\"  first stays\r\n    \t second\r    third\\\"\"\"\"\"\"", "  first stays\n\t second\nthird\"\"\"")]
    [InlineData("\"\"\" \n \t \n\"\"\"", "")]
    public void Section_2_9_4_strings_mean_their_decoded_text(string source, string expected) =>
        Assert.Equal(expected, Assert.IsType<StringValueNode>(Parser.ParseValue(source)).Value);

    [Fact]
    public void A_value_and_a_type_can_be_read_alone()
    {
        Assert.Equal(
            "[1, $a, {b: C}]".Replace("{b: C}", "{ b: C }", StringComparison.Ordinal),
            Parser.ParseValue("[1 $a {b: C}]")
                .ToString());
        Assert.Equal("[[Int!]]!", Parser.ParseType("[ [ Int ! ] ] !").ToString());
        Assert.Throws<SyntaxException>(() => Parser.ParseValue("1 2"));
        Assert.Throws<SyntaxException>(() => Parser.ParseType("[Int"));
    }

    [Fact]
    public void Malformed_UTF8_is_refused_where_it_begins()
    {
        var error =
            Assert.Throws<SyntaxException>(
                () => Parser.Parse(new byte[] { (byte)'{', (byte)'\n', 0xC3, 0x28, (byte)'}' })).Errors[0];
        Assert.Equal("Syntax Error: Expected UTF-8, found malformed bytes.", error.Message);
        Assert.Equal(new SourceLocation(2, 1), error.Locations[0]);
    }

    [Theory]
    [InlineData(LimitNames.DocumentBytes, 40, 1_000, 100)]
    [InlineData(LimitNames.Tokens, 1_000, 10, 100)]
    [InlineData(LimitNames.Nesting, 1_000, 1_000, 3)]
    public void A_limit_that_a_document_exceeds_is_named(string limit, int bytes, int tokens, int nesting)
    {
        var error = Assert.Throws<GraphQLException>(() =>
            Parser.Parse(
                "{ a { b { c { d(x: [[[1]]]) } } } } # and a long comment", new(bytes, tokens, nesting))).Errors[0];
        Assert.Equal(ErrorCodes.LimitExceeded, error.Code);
        Assert.Equal(limit, error.Extensions["limit"]);
    }

    // The words of a text, whatever its layout: commas, quotes and leading bars are layout.
    private static string[] Words(string text) =>
        [.. text.Split(
            [' ', '\n', ',', '"', '|', '&', '(', ')', '{', '}', '[', ']', ':', '='],
            StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
}
