// Chapter 2.1 and 2.9: source text, lexical tokens, ignored tokens; and that reading them allocates nothing.
using System.Text;
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.Tests.Language;

public sealed class LexerTests
{
    [Theory]
    [InlineData("\uFEFF a", "Name:a")]
    [InlineData(" \t\n\r,a,,b", "Name:a Name:b")]
    [InlineData("# all of this\na # b \r c", "Name:a Name:c")]
    [InlineData("! $ & ( ) ... : = @ [ ] { | }",
        "Bang:! Dollar:$ Ampersand:& LeftParenthesis:( RightParenthesis:) Spread:... Colon:: Equal:= At:@ LeftBracket:[ RightBracket:] LeftBrace:{ Pipe:| RightBrace:}")]
    [InlineData("_a1 Z__9", "Name:_a1 Name:Z__9")]
    [InlineData("0 -0 4 -12 9007199254740993", "Integer:0 Integer:-0 Integer:4 Integer:-12 Integer:9007199254740993")]
    [InlineData("4.0 -0.5 1e5 1E+5 1.2e-3", "Float:4.0 Float:-0.5 Float:1e5 Float:1E+5 Float:1.2e-3")]
    [InlineData("\"a b\" \"\" \"\\\"\"", "String:\"a b\" String:\"\" String:\"\\\"\"")]
    [InlineData("\"\"\"a \"b\" \\\"\"\" c\"\"\" \"\"\"\"\"\"",
        "BlockString:\"\"\"a \"b\" \\\"\"\" c\"\"\" BlockString:\"\"\"\"\"\"")]
    public void Section_2_1_splits_a_document_into_tokens(string source, string expected)
    {
        var lexer = new Lexer(Encoding.UTF8.GetBytes(source));
        var found = new List<string>();
        while (lexer.Read())
            found.Add($"{lexer.Kind}:{Encoding.UTF8.GetString(lexer.Value)}");
        Assert.Equal(expected, string.Join(' ', found));
        Assert.Equal(TokenKind.EndOfFile, lexer.Kind);
        Assert.Equal(found.Count, lexer.Count);
    }

    [Theory]
    [InlineData("00", "Invalid number, unexpected digit after 0: \"0\".")]
    [InlineData("01", "unexpected digit after 0: \"1\"")]
    [InlineData("1.", "expected digit but got: <EOF>")]
    [InlineData("1.a", "expected digit but got: \"a\"")]
    [InlineData("1.0.0", "expected digit but got: \".\"")]
    [InlineData("1e", "expected digit but got: <EOF>")]
    [InlineData("-", "expected digit but got: <EOF>")]
    [InlineData("0x1", "expected digit but got: \"x\"")]
    [InlineData(".5", "Unexpected character: \".\".")]
    [InlineData("..", "Unexpected character: \".\".")]
    [InlineData("'a'", "did you mean to use a double quote")]
    [InlineData("é", "Unexpected character: U+00E9.")]
    [InlineData("\u0007", "Unexpected character: U+0007.")]
    [InlineData("\"a", "Unterminated string.")]
    [InlineData("\"a\nb\"", "Unterminated string.")]
    [InlineData("\"\"\"a", "Unterminated string.")]
    [InlineData("\"\\q\"", "Invalid character escape sequence: \"\\q\".")]
    [InlineData("\"\\u12\"", "Invalid Unicode escape sequence")]
    [InlineData("\"\\uD800\"", "Invalid Unicode escape sequence: \"\\uD800\".")]
    [InlineData("\"\\uDC00\\uD800\"", "Invalid Unicode escape sequence")]
    [InlineData("\"\\u{110000}\"", "Invalid Unicode escape sequence: \"\\u{110000}\".")]
    [InlineData("\"\\u{}\"", "Invalid Unicode escape sequence")]
    [InlineData("\"\\u{D800}\"", "Invalid Unicode escape sequence")]
    public void Section_2_1_refuses_what_is_no_token(string source, string message)
    {
        var refusal = Assert.Throws<SyntaxException>(() =>
        {
            var lexer = new Lexer(Encoding.UTF8.GetBytes(source));
            while (lexer.Read())
                continue;
        });
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.Single(refusal.Errors[0].Locations);
    }

    [Fact]
    public void Reading_tokens_allocates_nothing()
    {
        var source = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(
            "query Q($a: [Int!]! = [1, -2.5e3]) @d(x: \"esc\\n\\u00e9\") { alias: field(x: {y: $a}) ... on T { z } } # c\n\"\"\"b\"\"\" ", 50)));
        Assert.Equal(Count(source), Count(source));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = Count(source);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(50 * 46, count);
    }

    private static int Count(byte[] source)
    {
        var lexer = new Lexer(source);
        while (lexer.Read())
            continue;
        return lexer.Count;
    }
}
