// The binary format. Specification 5.2 (values), 5.4 (instructions), 5.5 (modules).
using EventSourced.Metering;
using static EventSourced.Sandbox.Tests.Binary.ModuleBytes;

namespace EventSourced.Sandbox.Tests.Binary;

[Trait("Specification", "5.5")]
public class BinaryFormatTests
{
    private static readonly byte[] TypeSection = Section(1, 1, 0x60, 0, 0);

    [Fact]
    public void Every_prefix_of_a_module_is_malformed_or_a_smaller_module()
    {
        var bytes = Wat.Bytes("""
            (module (import "a" "b" (func (param i32))) (memory 1) (table 1 funcref) (global i32 (i32.const 5)) (func (export "f")
              (drop (i32.load (i32.const 0)))) (elem (i32.const 0) 0) (data (i32.const 0) "abc"))
            """);
        Assert.Null(Refusal(bytes));
        for (var length = 0; length < bytes.Length; length++)
        {
            var refusal = Refusal(bytes[..length]);
            Assert.True(
                refusal is null or { Kind: WasmErrorKind.Malformed or WasmErrorKind.Invalid }, $"{length}: {refusal}");
            if (length < 8)
                Assert.Equal(WasmErrorKind.Malformed, refusal?.Kind);
        }
    }

    [Fact]
    public void Magic_and_version_are_checked_byte_by_byte()
    {
        Malformed("unexpected end", []);
        Malformed("unexpected end", [0, 0x61, 0x73]);
        Malformed("magic header not detected", [1, 0x61, 0x73, 0x6D, 1, 0, 0, 0]);
        Malformed("magic header not detected", [0x6D, 0x73, 0x61, 0, 1, 0, 0, 0]);
        Malformed("magic header not detected", [0, 0x41, 0x53, 0x4D, 1, 0, 0, 0]);
        Malformed("unexpected end", [0, 0x61, 0x73, 0x6D]);
        Malformed("unexpected end", [0, 0x61, 0x73, 0x6D, 1, 0, 0]);
        Malformed("unknown binary version", [0, 0x61, 0x73, 0x6D, 0, 0, 0, 0]);
        Malformed("unknown binary version", [0, 0x61, 0x73, 0x6D, 0x0D, 0, 0, 0]);
        Malformed("unknown binary version", [0, 0x61, 0x73, 0x6D, 0, 1, 0, 0]);
        Assert.Null(Refusal(Header));
    }

    [Fact]
    public void Sections_come_once_and_in_order_custom_ones_anywhere()
    {
        var custom = Section(0, 1, (byte)'x', 1, 2, 3);
        Assert.Null(Refusal(Of(custom, TypeSection, custom, Section(5, 1, 0, 1), custom)));
        Malformed("unexpected content after last section", Of(TypeSection, TypeSection));
        Malformed("unexpected content after last section", Of(Section(5, 1, 0, 1), Section(4, 1, 0x70, 0, 1)));
        Malformed("unexpected content after last section", Of(Section(12, 0), Section(9, 0)));
        Malformed("unexpected content after last section", Of(Section(10, 0), Section(12, 0)));
        Assert.Null(Refusal(Of(Section(9, 0), Section(12, 0), Section(10, 0), Section(11, 0))));
        Malformed("malformed section id", Of(Section(13, 0)));
        Malformed("malformed section id", Of(Section(0x7F, 0)));
        Malformed("length out of bounds", Of([1, 10, 1, 0x60, 0, 0]));
        Malformed("section size mismatch", Of([1, 5, 1, 0x60, 0, 0, 0]));
        Malformed("unexpected end", Of([1, 3, 1, 0x60, 0]));
    }

    [Fact]
    public void Custom_sections_have_a_name_in_utf8_and_any_content()
    {
        Assert.Null(Refusal(Of(Section(0, 0))));
        Assert.Null(Refusal(Of(Section(0, 4, (byte)'n', (byte)'a', (byte)'m', (byte)'e', 1, 99, 5))));
        Malformed("unexpected end", Of([0]));
        Malformed("unexpected end", Of([0, 0]));
        Malformed("length out of bounds", Of(Section(0, 5, (byte)'x')));
        foreach (var name in new byte[][]
        {
            [0x80],
            [0xC0, 0x80],
            [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80],
            [0xC2],
            [0xFF],
            [0xF8, 0x88, 0x80, 0x80, 0x80],
        })
            Malformed("malformed UTF-8 encoding", Of(Section(0, [(byte)name.Length, .. name])));
        Assert.Null(Refusal(Of(Section(0, 3, 0xEF, 0xBB, 0xBF))));
        Malformed("malformed UTF-8 encoding", Of(TypeSection, Section(2, 1, 1, 0xFF, 0, 0, 0)));
    }

    [Fact]
    [Trait("Specification", "5.2.2")]
    public void Unsigned_numbers_may_be_padded_to_their_width_and_no_further()
    {
        Assert.Null(Refusal(Of(Section(5, 0x81, 0x80, 0x80, 0x80, 0x00, 0, 1))));
        Malformed("integer representation too long", Of(Section(5, 0x81, 0x80, 0x80, 0x80, 0x80, 0x00, 0, 1)));
        Malformed("integer too large", Of(Section(5, 0x81, 0x80, 0x80, 0x80, 0x10, 0, 1)));
        Malformed("integer too large", Of(Section(5, 0x81, 0x80, 0x80, 0x80, 0x40, 0, 1)));
        Malformed("unexpected end", Of(Section(5, 0x81, 0x80)));
    }

    [Fact]
    [Trait("Specification", "5.2.2")]
    public void Signed_numbers_repeat_their_sign_in_the_bits_beyond()
    {
        byte[] Global(params byte[] value) => Of(Section(6, [1, 0x7F, 0, 0x41, .. value, 0x0B]));
        byte[] Global64(params byte[] value) => Of(Section(6, [1, 0x7E, 0, 0x42, .. value, 0x0B]));
        Assert.Null(Refusal(Global(0xFF, 0xFF, 0xFF, 0xFF, 0x7F)));
        Assert.Null(Refusal(Global(0x80, 0x80, 0x80, 0x80, 0x78)));
        Assert.Null(Refusal(Global(0xFF, 0xFF, 0xFF, 0xFF, 0x07)));
        Malformed("integer too large", Global(0xFF, 0xFF, 0xFF, 0xFF, 0x0F));
        Malformed("integer too large", Global(0x80, 0x80, 0x80, 0x80, 0x70));
        Malformed("integer too large", Global(0x80, 0x80, 0x80, 0x80, 0x1F));
        Malformed("integer representation too long", Global(0x80, 0x80, 0x80, 0x80, 0x80, 0x00));
        Assert.Null(Refusal(Global64(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7F)));
        Malformed("integer too large", Global64(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7E));
        Malformed("integer representation too long",
            Global64(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F));
    }

    [Fact]
    [Trait("Specification", "5.3")]
    public void Types_kinds_and_flags_outside_the_grammar_are_malformed()
    {
        Malformed("malformed value type", Of(Section(1, 1, 0x60, 1, 0x79, 0)));
        Malformed("integer representation too long", Of(Section(1, 1, 0xE0, 0x7F, 0, 0)));
        Malformed("malformed reference type", Of(Section(4, 1, 0x7F, 0, 0)));
        Malformed("integer too large", Of(Section(4, 1, 0x70, 2, 0)));
        Malformed("integer too large", Of(Section(5, 1, 0x08, 0)));
        Malformed("integer representation too long", Of(Section(5, 1, 0x81, 0x00, 0)));
        Malformed("malformed mutability", Of(Section(6, 1, 0x7F, 2, 0x41, 0, 0x0B)));
        Malformed("malformed import kind", Of(TypeSection, Section(2, 1, 0, 0, 4, 0)));
        Malformed("malformed import kind", Of(TypeSection, Section(2, 1, 0, 0, 0x80, 0)));
        Malformed("malformed export kind", Of(Section(7, 1, 0, 4, 0)));
        Malformed("malformed elements segment kind", Of(Section(9, 1, 8)));
        Malformed("malformed data segment kind", Of(Section(11, 1, 3)));
        Assert.Null(Refusal(Of(Section(1, 1, 0x60, 1, 0x7B, 0))));
    }

    [Fact]
    [Trait("Specification", "5.5.13")]
    public void Functions_and_bodies_data_count_and_data_agree()
    {
        const string Functions = "function and code section have inconsistent lengths";
        const string Counts = "data count and data section have inconsistent lengths";
        Malformed(Functions, Of(TypeSection, Section(3, 1, 0)));
        Malformed(Functions, Of(TypeSection, Section(10, 1, 2, 0, 0x0B)));
        Malformed(Functions, Of(TypeSection, Section(3, 2, 0, 0), Section(10, 1, 2, 0, 0x0B)));
        Assert.Null(Refusal(Of(Section(3, 0))));
        Malformed(Counts, Of(Section(12, 1)));
        Malformed(Counts, Of(Section(12, 1), Section(11, 2, 1, 0, 1, 0)));
        Malformed("data count section required", WithMemoryAndBody(0, 0x41, 0, 0x41, 0, 0x41, 0, 0xFC, 8, 0, 0, 0x0B));
        Malformed("data count section required", WithMemoryAndBody(0, 0xFC, 9, 0, 0x0B));
    }

    [Fact]
    [Trait("Specification", "5.5.13")]
    public void Locals_are_counted_in_64_bits()
    {
        Malformed("too many locals", WithBody(2, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 2, 0x7E, 0x0B));
        Assert.Equal(WasmErrorKind.Limit, Refusal(WithBody(1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 0x0B))?.Kind);
        Assert.Null(Refusal(WithBody(3, 0, 0x7F, 0, 0x6F, 1, 0x7C, 0x0B)));
        Malformed("malformed value type", WithBody(1, 1, 0x40, 0x0B));
    }

    [Fact]
    [Trait("Specification", "5.4")]
    public void Instructions_outside_the_grammar_are_malformed_even_where_nothing_runs()
    {
        Malformed("illegal opcode", WithBody(0, 0xFF, 0x0B));
        Malformed("illegal opcode", WithBody(0, 0x00, 0x06, 0x0B));
        Malformed("illegal opcode", WithBody(0, 0xFC, 18, 0x0B));
        Malformed("illegal opcode", WithBody(0, 0x05, 0x0B));
        Malformed("illegal opcode", WithBody(0, 0x02, 0x40, 0x05, 0x0B, 0x0B));
        Malformed("unexpected end", WithBody(0));
        Malformed("unexpected end", WithBody(0, 0x41));
        Malformed("unexpected end", WithBody(0, 0x02, 0x40, 0x0B));
        Malformed("section size mismatch", WithBody(0, 0x0B, 0x0B));
        Malformed("malformed block type", WithBody(0, 0x02, 0x41, 0x0B, 0x0B));
        Malformed("zero byte expected", WithMemoryAndBody(0, 0x3F, 1, 0x1A, 0x0B));
        Malformed("zero byte expected", WithMemoryAndBody(0, 0x3F, 0x80, 0, 0x1A, 0x0B));
        Malformed("zero byte expected", WithMemoryAndBody(0, 0x41, 0, 0x40, 1, 0x1A, 0x0B));
        Malformed("malformed reference type", WithBody(0, 0xD0, 0x7F, 0x1A, 0x0B));
        Malformed("illegal opcode fd 9a", WithBody(0, 0xFD, 0x9A, 1, 0x0B));
        Malformed("unexpected end", WithBody(0, 0xFD, 12, 0, 0));
        Assert.Equal(WasmErrorKind.Unsupported, Refusal(WithBody(0, 0xFD, 0x80, 2, 0x0B))?.Kind);
    }

    [Fact]
    [Trait("Specification", "5.5.12")]
    public void All_eight_forms_of_element_segments_decode()
    {
        byte[] With(params byte[] segment) => Of(
            TypeSection, Section(3, 1, 0), Section(4, 1, 0x70, 0, 4), Section(9, [1, .. segment]),
            Section(10, 1, 2, 0, 0x0B));
        byte[] offset = [0x41, 0, 0x0B], expression = [0xD2, 0, 0x0B], nothing = [0xD0, 0x70, 0x0B];
        Assert.Null(Refusal(With([0, .. offset, 1, 0])));
        Assert.Null(Refusal(With([1, 0, 1, 0])));
        Assert.Null(Refusal(With([2, 0, .. offset, 0, 1, 0])));
        Assert.Null(Refusal(With([3, 0, 1, 0])));
        Assert.Null(Refusal(With([4, .. offset, 2, .. expression, .. nothing])));
        Assert.Null(Refusal(With([5, 0x70, 1, .. expression])));
        Assert.Null(Refusal(With([6, 0, .. offset, 0x70, 1, .. nothing])));
        Assert.Null(Refusal(With([7, 0x6F, 1, 0xD0, 0x6F, 0x0B])));
        Malformed("malformed element kind", With([1, 1, 1, 0]));
        Assert.Equal(WasmErrorKind.Invalid, Refusal(With([6, 0, .. offset, 0x6F, 1, 0xD0, 0x6F, 0x0B]))?.Kind);
    }

    private static void Malformed(string message, byte[] bytes)
    {
        var refusal = Refusal(bytes);
        Assert.NotNull(refusal);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(WasmErrorKind.Malformed, refusal.Kind);
    }
}
