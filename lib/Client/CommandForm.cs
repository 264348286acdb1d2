// The form of a command on the chain: contract, function, way. Enters: a line of the catalog. Leaves: whether a call
// that somebody else encoded is the call of these arguments. Always holds: the client signs only the call that it asked
// for; the strict decoder of lib/Ethereum reads the call.
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.Client;

/// <summary>A line of the catalog.</summary>
/// <param name="Name">The command's name.</param>
/// <param name="Contract">The contract's name.</param>
/// <param name="IsRelayed">Whether a relayer may bring it; else its sender sends a transaction.</param>
/// <param name="Signature">The function with the names of its parameters.</param>
public sealed record CommandForm(string Name, string Contract, bool IsRelayed, string Signature)
{
    private readonly Lazy<AbiFunction> _function = new(() => AbiFunction.Parse(Signature));

    /// <summary>The function.</summary>
    public AbiFunction Function => _function.Value;

    /// <summary>The command of a name.</summary>
    public static CommandForm Of(string name) => CommandForms.All.TryGetValue(name, out var form)
        ? form
        : throw new ArgumentException($"expected a command of the catalog, found '{name}'", nameof(name));

    /// <summary>Checks that a call is this function's with these arguments.</summary>
    internal void Check(ReadOnlySpan<byte> data, JsonObject arguments)
    {
        IReadOnlyList<AbiValue> values;
        try
        {
            values = Function.DecodeCall(data);
        }
        catch (AbiException other)
        {
            throw new UntrustedAnswerException($"a call of {Function.Canonical}", other.Message);
        }

        Members(values, Function.Inputs, arguments, "arguments");
    }

    private static void Members(
        IReadOnlyList<AbiValue> values, IReadOnlyList<AbiParameter> parameters, JsonNode? given, string where)
    {
        if (given is not JsonObject members || members.Count != parameters.Count)
            throw new UntrustedAnswerException($"{where}: {parameters.Count} members", $"{given?.ToJsonString()}");
        for (var i = 0; i < parameters.Count; i++)
        {
            var name = parameters[i].Name.Length > 0 ? parameters[i].Name : $"argument{i + 1}";
            Same(values[i], parameters[i].Type, parameters[i].Fields ?? [], members[name], $"{where}.{name}");
        }
    }

    private static void Same(
        AbiValue value, AbiType type, IReadOnlyList<AbiParameter> fields, JsonNode? given, string where)
    {
        switch (value)
        {
            case AbiValue.Sequence sequence when type is AbiType.Tuple:
                Members(sequence.Items, fields, given, where);
                return;
            case AbiValue.Sequence sequence:
                var element = type switch
                {
                    AbiType.DynamicArray list => list.Element,
                    AbiType.FixedArray list => list.Element,
                    _ => type,
                };
                if (given is not JsonArray items || items.Count != sequence.Items.Count)
                    throw new UntrustedAnswerException($"{where}: {given?.ToJsonString()}", $"{value}");
                for (var i = 0; i < items.Count; i++)
                    Same(sequence.Items[i], element, fields, items[i], $"{where}[{i}]");
                return;
        }

        var text = given?.GetValueKind() == JsonValueKind.String ? given.GetValue<string>() : given?.ToJsonString();
        var isSame = text is not null && value switch
        {
            AbiValue.Account account => Address.TryParse(text, null, out var address) && address == account.Value,
            AbiValue.Bytes bytes => Hex.TryToBytes(text, out var wanted) && bytes.Value.Span.SequenceEqual(wanted),
            AbiValue.Text word => word.Value == text,
            _ => value.ToString() == text,
        };
        if (!isSame) throw new UntrustedAnswerException($"{where}: {text}", $"{value}");
    }
}
