// The deployed economy as the world calls it. Enters: deployment.json and the checked in artifacts. Leaves: calls
// encoded by name, refusals decoded by name, events counted by name.
using System.Text.Json;
using EventSourced.Chain.Encoding;
using EventSourced.Chain.Sending;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.World;

/// <summary>One contract: where it is, what it understands.</summary>
public sealed class Contract(string name, byte index, Address address, IReadOnlyList<AbiSignature> abi)
{
    private readonly ILookup<string, AbiFunction> _functions = abi.OfType<AbiFunction>().ToLookup(one => one.Name);

    public string Name => name;

    /// <summary>Its place among the driver's targets.</summary>
    public byte Index => index;

    public Address Address => address;

    public IReadOnlyList<AbiSignature> Abi => abi;

    /// <summary>A call of the overload that takes so many arguments.</summary>
    public byte[] Encode(string function, params IReadOnlyList<AbiValue> arguments) =>
        _functions[function].FirstOrDefault(one => one.Inputs.Count == arguments.Count) is { } found
            ? found.EncodeCall(arguments)
            : throw new ArgumentException(
                $"expected a function of {name} with {arguments.Count} arguments, found '{function}'");

    public AbiFunction Function(string function) => _functions[function].First();
}

/// <summary>All contracts of a deployment.</summary>
public sealed class Contracts
{
    private readonly Dictionary<string, Contract> _byName;
    private readonly Refusals _refusals;
    private readonly Dictionary<(Address, Hash32), string> _events;

    private Contracts(Contract[] all, ulong chainId, string root)
    {
        All = all;
        ChainId = chainId;
        Root = root;
        _byName = all.ToDictionary(contract => contract.Name);
        _refusals = new Refusals(all.SelectMany(contract => contract.Abi));
        _events = all.SelectMany(contract => contract.Abi.OfType<AbiEvent>().Select(
            one => (Key: (contract.Address, one.Hash), Name: $"{contract.Name}.{one.Name}")))
            .DistinctBy(pair => pair.Key)
            .ToDictionary(pair => pair.Key, pair => pair.Name);
    }

    public IReadOnlyList<Contract> All { get; }

    public ulong ChainId { get; }

    /// <summary>The repository's root, where artifacts lie.</summary>
    public string Root { get; }

    public Contract this[string name] => _byName[name];

    public static Contracts Load(string deployment, string root)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(deployment));
        var all = json.RootElement.GetProperty("contracts").EnumerateObject().Select((entry, index) =>
        {
            var name = entry.Name switch
            {
                "governor" => "AgentGovernor",
                "checkpoints" => "EpochCheckpoints",
                var field => char.ToUpperInvariant(field[0]) + field[1..],
            };
            return new Contract(name, (byte)index, Address.Parse(entry.Value.GetString()!), Artifact(root, name).Abi);
        });
        return new Contracts([.. all], json.RootElement.GetProperty("chainId").GetUInt64(), root);
    }

    public static (IReadOnlyList<AbiSignature> Abi, byte[] Bytecode) Artifact(string root, string name)
    {
        using var json = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(root, "contracts", "artifacts", $"{name}.json")));
        return (AbiSignature.FromJsonArray(json.RootElement.GetProperty("abi").GetRawText()),
            Convert.FromHexString(json.RootElement.GetProperty("bytecode").GetString().AsSpan(2)));
    }

    /// <summary>The event's name, "TaskMarket.TaskCreated"; null for a log that is none of ours.</summary>
    public string? EventName(Address emitter, Hash32 topic) => _events.GetValueOrDefault((emitter, topic));

    /// <summary>Every event that the contracts declare.</summary>
    public IEnumerable<string> EventNames => _events.Values;

    /// <summary>A refusal in words: the custom error with its arguments.</summary>
    public string Refusal(ReadOnlySpan<byte> reason) =>
        _refusals.Read(reason)?.ToString() ?? $"0x{Convert.ToHexStringLower(reason)}";
}
