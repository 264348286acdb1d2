// Modules for tests byte by byte. Enters: sections as bytes. Leaves: a module. Always holds: lengths are written as
// one test asks for them: right by default, or overlong, or wrong.
using EventSourced.Metering;
using EventSourced.Metering.Rewriting;

namespace EventSourced.Sandbox.Tests.Binary;

internal static class ModuleBytes
{
    public static readonly byte[] Header = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0];

    public static byte[] Of(params byte[][] sections) => [.. Header, .. sections.SelectMany(section => section)];

    public static byte[] Section(byte id, params byte[] content) => [id, (byte)content.Length, .. content];

    /// <summary>A module of one function () -> () with this body: locals and expression, without its length.</summary>
    public static byte[] WithBody(params byte[] body) => Of(
        Section(1, 1, 0x60, 0, 0),
        Section(3, 1, 0),
        Section(10, [1, (byte)body.Length, .. body]));

    /// <summary>The same with a memory and a table.</summary>
    public static byte[] WithMemoryAndBody(params byte[] body) => Of(
        Section(1, 1, 0x60, 0, 0),
        Section(3, 1, 0),
        Section(4, 1, 0x70, 0, 1),
        Section(5, 1, 0, 1),
        Section(10, [1, (byte)body.Length, .. body]));

    public static WasmException? Refusal(byte[] bytes) => Meter.Validate(bytes);
}
