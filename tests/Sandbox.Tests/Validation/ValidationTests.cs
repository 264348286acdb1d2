// What validates and what does not. Specification 3.3 (instructions), 3.4 (modules).
namespace EventSourced.Sandbox.Tests.Validation;

[Trait("Specification", "3.3")]
public class ValidationTests
{
    [Theory]
    [InlineData("(func (result i32))")]
    [InlineData("(func (result i32) (i64.const 1))")]
    [InlineData("(func (i32.const 1))")]
    [InlineData("(func (result i32) (i32.const 1) (i32.const 2))")]
    [InlineData("(func (result i32) (i32.add (i32.const 1)))")]
    [InlineData("(func (drop (i32.add (i32.const 1) (f32.const 1))))")]
    [InlineData("(func (drop))")]
    [InlineData("(func (block (i32.const 1)))")]
    [InlineData("(func (i32.const 1) (block (drop)) (drop))")]
    [InlineData("(func (if (then)))")]
    [InlineData("(func (if (i64.const 1) (then)))")]
    [InlineData("(func (result i32) (if (result i32) (i32.const 1) (then (i32.const 1))))")]
    [InlineData("(func (result i32) (if (result i32) (i32.const 1) (then (i32.const 1)) (else)))")]
    [InlineData("(func (result i32) (block (result i32) (br 0)))")]
    [InlineData("(func (block (br_if 0)))")]
    [InlineData("(func (result i32) (block (result i32) (br_if 0 (i64.const 1) (i32.const 1))))")]
    [InlineData("(func (block (block (result i32) (br_table 0 1 (i32.const 1) (i32.const 1))) (drop)))")]
    [InlineData("(func (result i32) (block (result i64) (br_table 0 1 (i32.const 1))) (unreachable))")]
    [InlineData("(func (result i32) (return))")]
    [InlineData("(func (param i32) (local.set 0 (i64.const 1)))")]
    [InlineData("(func (result i64) (local i32) (local.get 0))")]
    [InlineData("(func (drop (select (i32.const 1) (i64.const 1) (i32.const 1))))")]
    [InlineData("(func (drop (select (ref.null func) (ref.null func) (i32.const 1))))")]
    [InlineData("(func (drop (select (result i64) (i32.const 1) (i32.const 1) (i32.const 1))))")]
    [InlineData("(func (drop (ref.is_null (i32.const 1))))")]
    [InlineData("(func (call 1)) (func (param i32))")]
    [InlineData("(table 1 externref) (type (func)) (func (call_indirect (type 0) (i32.const 0)))")]
    [InlineData("(table 1 funcref) (func (table.set 0 (i32.const 0) (ref.null extern)))")]
    [InlineData(
        "(table 1 funcref) (table 1 externref) (func (table.copy 0 1 (i32.const 0) (i32.const 0) (i32.const 0)))")]
    [InlineData("(table 1 externref) (elem func) (func (table.init 0 0 (i32.const 0) (i32.const 0) (i32.const 0)))")]
    [InlineData("(global i32 (i64.const 1))")]
    [InlineData("(global i32 (ref.null func))")]
    [InlineData("(memory 1) (data (i64.const 0) \"a\")")]
    [InlineData("(memory 1) (func (drop (i32.load (i64.const 0))))")]
    [InlineData("(memory 1) (func (i32.store (i32.const 0) (f32.const 0)))")]
    [InlineData("(memory 1) (func (drop (memory.grow (i64.const 0))))")]
    [InlineData("(func (unreachable) (i64.const 1) (i32.add) (drop))")]
    [InlineData("(func (result i32) (unreachable) (i64.const 1))")]
    [InlineData("(func (loop (result i32) (br 0)) (drop) (i32.const 1))")]
    [InlineData("(func (result i32) (loop (param i32) (result i32)))")]
    public void Types_that_do_not_match_are_invalid(string fields) =>
        Assert.StartsWith("type mismatch", Wat.Invalid($"(module {fields})").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("(func (drop (local.get 0)))", "unknown local 0")]
    [InlineData("(func (param i32) (local i32) (local.set 2 (i32.const 1)))", "unknown local 2")]
    [InlineData("(func (drop (global.get 0)))", "unknown global 0")]
    [InlineData("(global i32 (i32.const 1)) (func (global.set 0 (i32.const 1)))", "global is immutable")]
    [InlineData("(func (call 7))", "unknown function 7")]
    [InlineData("(func (br 1))", "")]
    [InlineData("(func (br 2))", "unknown label 2")]
    [InlineData("(func (br_if 3 (i32.const 1)))", "unknown label 3")]
    [InlineData("(func (block (br_table 0 5 (i32.const 1))))", "unknown label 5")]
    [InlineData("(func (drop (i32.load (i32.const 0))))", "unknown memory 0")]
    [InlineData("(func (drop (memory.size)))", "unknown memory 0")]
    [InlineData("(func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)))", "unknown memory 0")]
    [InlineData("(type (func)) (func (call_indirect (type 0) (i32.const 0)))", "unknown table 0")]
    [InlineData("(table 1 funcref) (func (call_indirect (type 9) (i32.const 0)))", "unknown type 9")]
    [InlineData("(func (type 9))", "unknown type 9")]
    [InlineData("(func (drop (table.get 3 (i32.const 0))))", "unknown table 3")]
    [InlineData("(table 1 funcref) (func (elem.drop 4))", "unknown elem segment 4")]
    [InlineData("(memory 1) (data \"\") (func (data.drop 4))", "unknown data segment 4")]
    [InlineData("(func (drop (ref.func 0)))", "undeclared function reference")]
    [InlineData("(func (drop (ref.func 4)))", "unknown function 4")]
    [InlineData(
        "(memory 1) (func (drop (i32.load align=8 (i32.const 0))))", "alignment must not be larger than natural")]
    [InlineData(
        "(memory 1) (func (drop (i32.load8_u align=2 (i32.const 0))))", "alignment must not be larger than natural")]
    [InlineData("(memory 1) (func (i64.store align=16 (i32.const 0) (i64.const 0)))",
        "alignment must not be larger than natural")]
    [InlineData("(memory 1) (memory 1)", "multiple memories")]
    [InlineData("(memory 65537)", "memory size must be at most 65536 pages (4GiB)")]
    [InlineData("(memory 0 65537)", "memory size must be at most 65536 pages (4GiB)")]
    [InlineData("(memory 2 1)", "size minimum must not be greater than maximum")]
    [InlineData("(table 2 1 funcref)", "size minimum must not be greater than maximum")]
    [InlineData("(func) (export \"a\" (func 0)) (export \"a\" (func 0))", "duplicate export name")]
    [InlineData("(export \"a\" (func 0))", "unknown function 0")]
    [InlineData("(export \"a\" (memory 0))", "unknown memory 0")]
    [InlineData("(export \"a\" (table 0))", "unknown table 0")]
    [InlineData("(export \"a\" (global 0))", "unknown global 0")]
    [InlineData("(start 0)", "unknown function 0")]
    [InlineData("(func (param i32)) (start 0)", "start function")]
    [InlineData("(func (result i32) (i32.const 1)) (start 0)", "start function")]
    [InlineData("(global i32 (i32.const 1)) (global i32 (global.get 0))", "unknown global 0")]
    [InlineData("(import \"a\" \"b\" (global (mut i32))) (global i32 (global.get 0))", "constant expression required")]
    [InlineData("(global i32 (i32.add (i32.const 1) (i32.const 1)))", "")]
    [InlineData("(global i32 (i32.ctz (i32.const 1)))", "constant expression required")]
    [InlineData("(global i32 (nop))", "constant expression required")]
    [InlineData("(elem (i32.const 0) func)", "unknown table 0")]
    [InlineData("(data (i32.const 0) \"\")", "unknown memory 0")]
    [InlineData("(table 1 funcref) (elem (i32.const 0) func 3)", "unknown function 3")]
    public void What_does_not_exist_or_is_not_allowed_is_invalid(string fields, string message)
    {
        if (fields == "(func (br 1))")
        {
            // One label is the function's own; the second does not exist.
            message = "unknown label 1";
        }

        Assert.Contains(message, Wat.Invalid($"(module {fields})").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(func (result i32) (unreachable) (i32.add))")]
    [InlineData("(func (result i32) (unreachable) (select))")]
    [InlineData("(func (unreachable) (drop) (drop) (br_if 0))")]
    [InlineData("(func (result i32) (return (i32.const 1)) (drop))")]
    [InlineData("(func (result f64) (block (result f64) (br_table 0 0 (f64.const 1) (i32.const 1)) (unreachable)))")]
    [InlineData("(func (result f32) (block (result f32) (unreachable) (br_table 0 1 0)))")]
    [InlineData("(func (drop (ref.is_null (unreachable))))")]
    [InlineData(
        "(func (param externref) (drop (select (result externref) (local.get 0) (local.get 0) (i32.const 1))))")]
    [InlineData("(func (loop (result i32) (br 0)) (drop))")]
    [InlineData("(func $f (drop (ref.func $f))) (elem declare func $f)")]
    [InlineData("(func $f (drop (ref.func $f))) (export \"f\" (func $f))")]
    [InlineData("(func $f (drop (ref.func $f))) (global funcref (ref.func $f))")]
    [InlineData("(memory 65536)")]
    [InlineData("(memory 0 65536)")]
    [InlineData("(table 0 0xffffffff funcref)")]
    [InlineData("(memory 1) (func (drop (i64.load offset=0xffffffff align=1 (i32.const 0))))")]
    [InlineData("(func (result i32 i64) (block (result i32 i64) (i32.const 1) (i64.const 2)))")]
    public void What_the_specification_allows_validates(string fields) => Wat.Valid($"(module {fields})");
}
