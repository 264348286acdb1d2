// Arguments of a call, from JSON that a query has made. Enters: an array and the types of a function. Leaves: values of
// the ABI. Always holds: a value of the wrong type is refused with its place, the expected form and the found text.
using System.Globalization;
using System.Text;
using System.Text.Json;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.Workers.Keeping;

/// <summary>Reads arguments.</summary>
internal static class JsonArguments
{
    /// <summary>The values of a text.</summary>
    internal static IReadOnlyList<AbiValue> Read(string json, IReadOnlyList<AbiType> types)
    {
        using var document = JsonDocument.Parse(json);
        var values = document.RootElement.EnumerateArray().ToArray();
        if (values.Length != types.Count)
            throw new FormatException($"expected {types.Count} arguments, found {values.Length}");
        return [.. values.Select((value, place) => Read(value, types[place], $"[{place}]"))];
    }

    private static AbiValue Read(JsonElement value, AbiType type, string place) => (type, value.ValueKind) switch
    {
        (AbiType.DynamicArray array, JsonValueKind.Array) => new AbiValue.Sequence(
            [.. value.EnumerateArray().Select((item, index) => Read(item, array.Element, $"{place}[{index}]"))]),
        (AbiType.Tuple tuple, JsonValueKind.Array) when value.GetArrayLength() == tuple.Fields.Count =>
            new AbiValue.Sequence(
                [.. value.EnumerateArray().Select((item, index) =>
                    Read(item, tuple.Fields[index], $"{place}[{index}]"))]),
        (AbiType.Unsigned, JsonValueKind.Number) when UInt256.TryParse(
            value.GetRawText(), CultureInfo.InvariantCulture, out var number) => number,
        (AbiType.Unsigned, JsonValueKind.String) => Number(value.GetString()!, place),
        (AbiType.AddressType, JsonValueKind.String) => Address.Parse(value.GetString()!),
        (AbiType.Bytes or AbiType.FixedBytes, JsonValueKind.String) => Bytes(value.GetString()!),
        // The hash of a text: PostgreSQL has no function for it.
        (AbiType.FixedBytes, JsonValueKind.Object) when value.TryGetProperty("keccak", out var text) =>
            Keccak256.Hash(Encoding.UTF8.GetBytes(text.GetString()!)),
        _ => throw new FormatException($"expected a value of {type} at {place}, found {value.ValueKind}"),
    };

    // In decimal, or in hexadecimal after 0x.
    private static AbiValue Number(string text, string place) =>
        UInt256.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"expected a number at {place}, found '{text}'");

    private static AbiValue.Bytes Bytes(string hex) => new(Convert.FromHexString(hex.AsSpan(2)));
}
