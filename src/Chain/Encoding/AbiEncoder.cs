// Values into the contract ABI's bytes, by Nethereum. Enters: our own types and values, side by side. Leaves: head and
// tail as the ABI specification lays them out. Nothing from outside comes here: lib/Ethereum alone decodes bytes.
using EventSourced.Ethereum.Abi;
using Nethereum.ABI.FunctionEncoding;

namespace EventSourced.Chain.Encoding;

/// <summary>Encodes values.</summary>
public static class AbiEncoder
{
    private static readonly ParametersEncoder Nethereum = new();

    /// <summary>Encodes a list of values, as arguments of a call, results or event data are.</summary>
    public static byte[] Encode(IReadOnlyList<AbiType> types, IReadOnlyList<AbiValue> values)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(values);
        if (types.Count != values.Count)
            throw new AbiException($"{types.Count} values", $"{values.Count}", "the list of values");
        var objects = new object[values.Count];
        for (var i = 0; i < objects.Length; i++) objects[i] = NethereumTypes.ValueOf(types[i], values[i], $"[{i}]");
        return Nethereum.EncodeAbiTypes([.. types.Select(NethereumTypes.Of)], objects);
    }

    /// <summary>Encodes one value, as a list of one.</summary>
    public static byte[] Encode(AbiType type, AbiValue value) => Encode([type], [value]);

    /// <summary>The data of a call: selector and arguments.</summary>
    public static byte[] EncodeCall(this AbiFunction function, params IReadOnlyList<AbiValue> arguments)
    {
        ArgumentNullException.ThrowIfNull(function);
        return [.. function.Hash.Bytes[..4], .. Encode(function.InputTypes, arguments)];
    }
}
