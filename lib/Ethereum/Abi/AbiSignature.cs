// Functions, events and errors of a contract. Enters: a line as Solidity writes it, or one entry of a compiled ABI.
// Leaves: selector or first topic; calls, results, logs and errors decoded by name and order. Encoding is not done
// here.
using System.Buffers.Binary;
using System.Text.Json;

namespace EventSourced.Ethereum.Abi;

/// <summary>
/// A parameter; <paramref name="Fields"/> names the fields where the type is a struct or an array of structs.
/// </summary>
public sealed record AbiParameter(
    string Name, AbiType Type, bool Indexed = false, IReadOnlyList<AbiParameter>? Fields = null);

/// <summary>A function, an event or an error.</summary>
public abstract record AbiSignature(string Name, IReadOnlyList<AbiParameter> Inputs)
{
    /// <summary>The canonical text that is hashed, such as transfer(address,uint256).</summary>
    public string Canonical => $"{Name}({string.Join(',', Inputs.Select(input => input.Type.Name))})";

    /// <summary>The hash of the canonical text: an event's first topic; its first 4 bytes are the selector.</summary>
    public Hash32 Hash { get; } = Keccak256.Hash(
        $"{Name}({string.Join(',', Inputs.Select(input => input.Type.Name))})");

    /// <summary>The inputs' types.</summary>
    public AbiType[] InputTypes => [.. Inputs.Select(input => input.Type)];

    /// <summary>Reads one entry of a compiled ABI; null for constructors, fallback and receive.</summary>
    public static AbiSignature? FromJson(JsonElement entry) => AbiJson.Read(entry);

    /// <summary>Reads a compiled ABI: a JSON array of entries.</summary>
    public static IReadOnlyList<AbiSignature> FromJsonArray(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(AbiJson.Read).OfType<AbiSignature>()];
    }

    private protected static (string Name, IReadOnlyList<AbiParameter> Inputs, IReadOnlyList<AbiParameter> Outputs)
        ParseLine(string text, string keyword)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new AbiTypeParser(text);
        var name = parser.ReadWord();
        if (name.SequenceEqual(keyword)) name = parser.ReadWord();
        if (name.IsEmpty) throw new FormatException($"expected the name of {keyword}, found none in '{text}'");
        var inputs = parser.ReadParameters();
        IReadOnlyList<AbiParameter> outputs = [];
        while (!parser.AtEnd && !parser.TryTake(';'))
        {
            var word = parser.ReadWord();
            if (word is "returns" || (word.IsEmpty && keyword == "function")) outputs = parser.ReadParameters();
            else if (word.IsEmpty) break;
        }

        parser.End();
        return (name.ToString(), inputs, outputs);
    }
}

/// <summary>A function of a contract.</summary>
public sealed record AbiFunction(
    string Name, IReadOnlyList<AbiParameter> Inputs, IReadOnlyList<AbiParameter> Outputs)
    : AbiSignature(Name, Inputs)
{
    /// <summary>The first 4 bytes of a call, the highest first.</summary>
    public uint Selector => BinaryPrimitives.ReadUInt32BigEndian(Hash.Bytes);

    /// <summary>
    /// Reads "function balanceOf(address owner) view returns (uint256)"; the keyword may be left out.
    /// </summary>
    public static AbiFunction Parse(string text)
    {
        var (name, inputs, outputs) = ParseLine(text, "function");
        return new AbiFunction(name, inputs, outputs);
    }

    /// <summary>The arguments of a call's data; another selector is refused.</summary>
    public IReadOnlyList<AbiValue> DecodeCall(ReadOnlySpan<byte> data) =>
        data.Length >= 4 && data[..4].SequenceEqual(Hash.Bytes[..4])
        ? AbiDecoder.Decode(InputTypes, data[4..])
        : throw new AbiException($"the selector {Hex.ToText(Hash.Bytes[..4])} of {Canonical}",
            Hex.ToText(data[..Math.Min(4, data.Length)]), "byte 0");

    /// <summary>The results of a call.</summary>
    public IReadOnlyList<AbiValue> DecodeResult(ReadOnlySpan<byte> data) =>
        AbiDecoder.Decode([.. Outputs.Select(output => output.Type)], data);
}

/// <summary>An event of a contract.</summary>
public sealed record AbiEvent(string Name, IReadOnlyList<AbiParameter> Inputs, bool Anonymous = false)
    : AbiSignature(Name, Inputs)
{
    /// <summary>Reads "event Transfer(address indexed from, address indexed to, uint256 value)".</summary>
    public static AbiEvent Parse(string text)
    {
        var (name, inputs, _) = ParseLine(text, "event");
        return new AbiEvent(name, inputs);
    }

    /// <summary>
    /// The parameters of a log, in their declared order; indexed dynamic ones are the hashes that stand for them.
    /// </summary>
    public IReadOnlyList<AbiValue> Decode(IReadOnlyList<Hash32> topics, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(topics);
        var skip = Anonymous ? 0 : 1;
        var indexed = Inputs.Count(input => input.Indexed);
        if (topics.Count != indexed + skip)
            throw new AbiException($"{indexed + skip} topics of {Canonical}", $"{topics.Count}", "the log's topics");
        if (!Anonymous && topics[0] != Hash)
            throw new AbiException($"the topic {Hash} of {Canonical}", topics[0].ToString(), "topic 0");
        var plain = AbiDecoder.Decode([.. Inputs.Where(input => !input.Indexed).Select(input => input.Type)], data);
        var values = new AbiValue[Inputs.Count];
        for (int i = 0, topic = skip, word = 0; i < values.Length; i++)
            values[i] = Inputs[i].Indexed ? AbiDecoder.DecodeTopic(Inputs[i].Type, topics[topic++]) : plain[word++];
        return values;
    }
}

/// <summary>A custom error of a contract.</summary>
public sealed record AbiError(string Name, IReadOnlyList<AbiParameter> Inputs) : AbiSignature(Name, Inputs)
{
    /// <summary>Solidity's require with a text.</summary>
    public static AbiError Reason { get; } = Parse("error Error(string message)");

    /// <summary>Solidity's assert, overflow and the like, by number.</summary>
    public static AbiError Panic { get; } = Parse("error Panic(uint256 code)");

    /// <summary>Reads "error LeaseExpired(uint256 leaseId)".</summary>
    public static AbiError Parse(string text)
    {
        var (name, inputs, _) = ParseLine(text, "error");
        return new AbiError(name, inputs);
    }

    /// <summary>The error's arguments, where the revert data is this error's.</summary>
    public bool TryDecode(ReadOnlySpan<byte> data, out IReadOnlyList<AbiValue> arguments)
    {
        arguments = [];
        if (data.Length < 4 || !data[..4].SequenceEqual(Hash.Bytes[..4])) return false;
        arguments = AbiDecoder.Decode(InputTypes, data[4..]);
        return true;
    }
}
