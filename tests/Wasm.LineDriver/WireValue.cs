// Values on the wire. Enters: {type, value} with numbers as unsigned decimal bit patterns, vectors as 32 hex digits,
// references as a number or "null". Leaves: boxes, and back. Always holds: an externref on the wire is the host object
// HostReference of that number.
using System.Globalization;
using System.Text.Json.Nodes;
using EventSourced.Metering;
using Wasmtime;
using ValueKind = Wasmtime.ValueKind;

namespace EventSourced.Wasm.LineDriver;

internal sealed record HostReference(ulong Number);

internal static class WireValue
{
    public static ValueBox Read(JsonNode node)
    {
        var (type, value) = ((string)node["type"]!, node["value"] is { } given ? given.ToString() : "null");
        return type switch
        {
            "i32" => (int)(uint)Bits(value),
            "i64" => (long)Bits(value),
            "f32" => BitConverter.UInt32BitsToSingle((uint)Bits(value)),
            "f64" => BitConverter.UInt64BitsToDouble(Bits(value)),
            "v128" => (ValueBox)Convert.FromHexString(value),
            "externref" => ValueBox.AsBox<object>(value == "null" ? null : new HostReference(Bits(value))),
            "funcref" when value == "null" => Function.Null,
            _ => throw new WasmException(WasmErrorKind.Usage, $"expected a value, found {type} {value}"),
        };
    }

    public static JsonNode Write(ValueKind kind, object? value)
    {
        var (type, text) = kind switch
        {
            ValueKind.Int32 => ("i32", Text((uint)(int)value!)),
            ValueKind.Int64 => ("i64", Text((ulong)(long)value!)),
            ValueKind.Float32 => ("f32", Text(BitConverter.SingleToUInt32Bits((float)value!))),
            ValueKind.Float64 => ("f64", Text(BitConverter.DoubleToUInt64Bits((double)value!))),
            ValueKind.V128 => ("v128", Hex((V128)value!)),
            ValueKind.FuncRef => ("funcref", value is Function { IsNull: false } ? "0" : "null"),
            _ => ("externref", value is HostReference reference ? Text(reference.Number) : "null"),
        };
        return new JsonObject { ["type"] = type, ["value"] = text };
    }

    private static string Hex(V128 vector) => Convert.ToHexStringLower(vector.AsSpan());

    private static ulong Bits(string value) =>
        value.StartsWith('-')
            ? (ulong)long.Parse(value, CultureInfo.InvariantCulture)
            : ulong.Parse(value, CultureInfo.InvariantCulture);

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
