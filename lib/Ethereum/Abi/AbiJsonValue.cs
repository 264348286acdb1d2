// JSON into ABI values by type: numbers as decimal or 0x text or JSON numbers, bytes as hex, structs as arrays or as
// objects by field name. Leaves: a value, or an error with its path.
using System.Text.Json;

namespace EventSourced.Ethereum.Abi;

/// <summary>Reads ABI values from JSON.</summary>
public static class AbiJsonValue
{
    /// <summary>Reads a value of a type; structs are JSON arrays in field order.</summary>
    public static AbiValue Read(AbiType type, JsonElement json, string path = "$") => (type, json.ValueKind) switch
    {
        (AbiType.Unsigned or AbiType.FixedPoint { IsSigned: false }, _)
            when UInt256.TryParse(Number(json), null, out var unsigned) => unsigned,
        (AbiType.Signed or AbiType.FixedPoint { IsSigned: true }, _)
            when Int256.TryParse(Number(json), null, out var signed) => signed,
        (AbiType.Boolean, JsonValueKind.True) => true,
        (AbiType.Boolean, JsonValueKind.False) => false,
        (AbiType.AddressType, JsonValueKind.String)
            when Address.TryParse(json.GetString(), null, out var address) => address,
        (AbiType.FixedBytes or AbiType.FunctionPointer or AbiType.Bytes, JsonValueKind.String)
            when Hex.TryToBytes(json.GetString(), out var bytes) => bytes,
        (AbiType.Text, JsonValueKind.String) => json.GetString()!,
        (AbiType.DynamicArray array, JsonValueKind.Array) => Items(json, path, _ => array.Element),
        (AbiType.FixedArray array, JsonValueKind.Array) => Items(json, path, _ => array.Element),
        (AbiType.Tuple tuple, JsonValueKind.Array) when json.GetArrayLength() == tuple.Fields.Count =>
            Items(json, path, index => tuple.Fields[index]),
        _ => throw new AbiException($"a value of {type}", Shortened(json), path),
    };

    private static AbiValue Items(JsonElement json, string path, Func<int, AbiType> type) =>
        AbiValue.Of([.. json.EnumerateArray().Select((item, index) => Read(type(index), item, $"{path}[{index}]"))]);

    private static string? Number(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetRawText(),
        _ => null,
    };

    private static string Shortened(JsonElement json) =>
        json.GetRawText() is { Length: <= 80 } text ? text : $"{json.ValueKind}";
}
