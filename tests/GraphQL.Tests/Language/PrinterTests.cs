// Printing: the layout that people read, and that reading a print gives the same document again.
using EventSourced.GraphQL.Language;
using EventSourced.Testing;

namespace EventSourced.GraphQL.Tests.Language;

public sealed class PrinterTests
{
    [Fact]
    public void Documents_are_laid_out_for_people() => Assert.Equal(
        """"
        """What it does"""
        query Q($a: Int = 1 @d, $b: [String!]!) @x {
          alias: field(a: $a, o: { k: [1, "t"] }) {
            ...F @y
            ... on T {
              z
            }
            ... @include(if: true) {
              w
            }
          }
          long(
            first: "a text that makes the line longer than it may be"
            second: "and another one of them"
          )
        }

        fragment F on T {
          x
        }
        """",
        Parser.Parse("""
            "What it does" query Q($a: Int = 1 @d, $b: [String!]!) @x { alias: field(a: $a, o: {k: [1, "t"]}) { ...F @y ... on T { z }
            ... @include(if: true) { w } } long(first: "a text that makes the line longer than it may be", second: "and another one of them") }
            fragment F on T { x }
            """).ToString());

    [Fact]
    public void Schemas_are_laid_out_for_people() => Assert.Equal(
        """"
        schema @a {
          query: Q
        }

        directive @d(a: Int = 1) repeatable on FIELD | QUERY

        """
        Two lines
        of description
        """
        type A implements B & C {
          f(
            """which"""
            x: Int = 1
          ): Int! @deprecated
        }

        extend union U = X | Y

        enum E {
          P
        }

        input I @oneOf {
          a: Int
        }

        scalar S
        """",
        Parser.Parse(""""
            schema @a { query: Q } directive @d(a: Int = 1) repeatable on FIELD | QUERY """Two lines
            of description""" type A implements B & C { f("which" x: Int = 1): Int! @deprecated } extend union U = X | Y enum E { P }
            input I @oneOf { a: Int } scalar S
            """").ToString());

    [Fact]
    public void Any_string_survives_being_printed_and_read() => Seed.Run(random =>
    {
        const string symbols = "ab \t\n\r\"\\\u0001\u007fé世\"\"\"";
        for (var round = 0; round < 2_000; round++)
        {
            var text =
                string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => symbols[random.Next(symbols.Length)]));
            var isBlock = random.Next(2) == 0;
            var printed = new ArgumentNode("a", new StringValueNode(text, isBlock)).ToString();
            var read = Assert.IsType<StringValueNode>(Parser.ParseValue(printed[3..]));
            Assert.Equal(text, read.Value);
            var described = new ScalarTypeDefinitionNode("S") { Description = text };
            Assert.Equal(text, Parser.Parse(described.ToString()).Definitions[0].Description);
        }
    });
}
