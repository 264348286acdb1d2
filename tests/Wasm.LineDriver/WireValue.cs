// Values on the wire. Enters: {type, value} with numbers as unsigned decimal bit patterns, references as a number or
// "null". Leaves: boxes, and back. Always holds: an externref on the wire is the host object HostReference of that
// number.
using System.Globalization;
using System.Text.Json.Nodes;

namespace EventSourced.Wasm.LineDriver;

internal sealed record HostReference(ulong Number);

internal static class WireValue
{
    public static ValueBox Read(JsonNode node)
    {
        var (type, value) = ((string)node["type"]!, node["value"] is { } given ? given.ToString() : "null");
        return type switch
        {
            "i32" => ValueBox.FromBits(ValueKind.Int32, Bits(value)),
            "i64" => ValueBox.FromBits(ValueKind.Int64, Bits(value)),
            "f32" => ValueBox.FromBits(ValueKind.Float32, Bits(value)),
            "f64" => ValueBox.FromBits(ValueKind.Float64, Bits(value)),
            "externref" => ValueBox.FromExtern(value == "null" ? null : new HostReference(Bits(value))),
            "funcref" when value == "null" => ValueBox.FromFunction(null),
            "v128" => throw new WasmException(WasmErrorKind.Unsupported, "vectors are not supported"),
            _ => throw new WasmException(WasmErrorKind.Usage, $"expected a value, found {type} {value}"),
        };
    }

    public static JsonNode Write(ValueBox box)
    {
        var (type, value) = box.Kind switch
        {
            ValueKind.Int32 => ("i32", Decimal(box)),
            ValueKind.Int64 => ("i64", Decimal(box)),
            ValueKind.Float32 => ("f32", Decimal(box)),
            ValueKind.Float64 => ("f64", Decimal(box)),
            ValueKind.FuncRef => ("funcref", box.AsFunction() is null ? "null" : "0"),
            _ => ("externref", box.AsExtern() is HostReference reference ? Text(reference.Number) : "null"),
        };
        return new JsonObject { ["type"] = type, ["value"] = value };
    }

    private static ulong Bits(string value) =>
        value.StartsWith('-')
            ? (ulong)long.Parse(value, CultureInfo.InvariantCulture)
            : ulong.Parse(value, CultureInfo.InvariantCulture);

    private static string Decimal(ValueBox box) => Text(box.ToBits());

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
