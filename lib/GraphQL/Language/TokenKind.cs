// The lexical tokens of a document (specification 2.1.6), one member each; what separates tokens has none.
namespace EventSourced.GraphQL.Language;

/// <summary>The kinds of lexical token.</summary>
public enum TokenKind : byte
{
    /// <summary>Before the first token.</summary>
    StartOfFile,

    /// <summary>After the last token.</summary>
    EndOfFile,

    /// <summary>!</summary>
    Bang,

    /// <summary>$</summary>
    Dollar,

    /// <summary>&amp;</summary>
    Ampersand,

    /// <summary>(</summary>
    LeftParenthesis,

    /// <summary>)</summary>
    RightParenthesis,

    /// <summary>...</summary>
    Spread,

    /// <summary>:</summary>
    Colon,

    /// <summary>=</summary>
    Equal,

    /// <summary>@</summary>
    At,

    /// <summary>[</summary>
    LeftBracket,

    /// <summary>]</summary>
    RightBracket,

    /// <summary>{</summary>
    LeftBrace,

    /// <summary>|</summary>
    Pipe,

    /// <summary>}</summary>
    RightBrace,

    /// <summary>A name.</summary>
    Name,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>A number with a fraction or an exponent.</summary>
    Float,

    /// <summary>A string between single quotation marks.</summary>
    String,

    /// <summary>A string between three quotation marks.</summary>
    BlockString,
}
