// 5.6.1: the twin of the rule ValuesOfCorrectType.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class ValuesOfCorrectTypeTests
{
    [Theory]
    [InlineData(""""query ($v: Int = 3) { arguments { int(a: null) b: int(a: 2147483647) string(a: """x""") float(a: 1) c: float(a: 1e3) id(a: 1) d: id(a: "1") list(a: "one") e: list(a: ["a", null]) enum(a: SIT) matrix(a: [[1], null]) complex(a: { required: true, self: { required: false } }) one(a: { id: 1 }) anything(a: { free: [form, 1.5, $v] }) } } """")]
    public void Section_5_6_1_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("""{ arguments { int(a: "1") a: int(a: 1.0) b: int(a: 2147483648) c: string(a: 1) d: boolean(a: 1) e: float(a: "1") f: id(a: 1.0) } }""", "Int cannot represent non-integer value: \"1\"", "Int cannot represent non-integer value: 1.0", "non 32-bit signed integer value: 2147483648", "String cannot represent a non string value: 1", "Boolean cannot represent a non boolean value: 1", "Float cannot represent non numeric value: \"1\"", "ID cannot represent a non-string and non-integer value: 1.0")]
    [InlineData("""{ arguments { nonNullInt(a: null) nonNullList(a: ["a", null]) } }""",
        """Expected value of type "Int!", found null.""", """Expected value of type "String!", found null.""")]
    [InlineData("""{ arguments { enum(a: SITT) a: enum(a: "SIT") b: enum(a: sit) } }""",
        """Value "SITT" does not exist in "Command" enum. Did you mean the enum value "SIT"?""",
            """Enum "Command" cannot represent non-enum value: "SIT". Did you mean the enum value "SIT"?""",
                """Value "sit" does not exist in "Command" enum. Did you mean the enum value "SIT"?""")]
    [InlineData("""{ arguments { complex(a: { int: 4 }) a: complex(a: { required: true, unknown: 1, int: "x" }) b: complex(a: 7) c: complex(a: { required: true, nonNull: null }) } }""", """Field "Complex.required" of required type "Boolean!" was not provided.""", """Field "unknown" is not defined by type "Complex".""", "Int cannot represent non-integer value: \"x\"", """Expected value of type "Complex", found 7.""", """Expected value of type "Boolean!", found null.""")]
    [InlineData("""{ arguments { one(a: {}) a: one(a: { id: 1, text: "x" }) b: one(a: { id: null }) } }""",
        """OneOf Input Object "One" must specify exactly one key.""",
            """OneOf Input Object "One" must specify exactly one key.""", """Field "One.id" must be non-null.""")]
    [InlineData("""query ($a: Int = "x", $b: Complex = { required: 3 }) { arguments { int(a: $a) complex(a: $b) } }""",
        "Int cannot represent non-integer value: \"x\"", "Boolean cannot represent a non boolean value: 3")]
    public void Section_5_6_1_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
