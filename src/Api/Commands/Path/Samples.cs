// Arguments by which a command is tried before anybody has chosen them. Enters: the thing's key, who asks, the agents
// that it owns. Leaves: candidates. Always holds: what is known (the thing, an agent of the asker, a side) is told;
// what a client chooses has a harmless value, and a refusal that only such a value causes is told as what it must be,
// not as a command that is not legal.
using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using Address = EventSourced.Ethereum.Address;
using UInt256 = EventSourced.Ethereum.UInt256;

namespace EventSourced.Api.Commands.Path;

/// <summary>Arguments to try.</summary>
/// <param name="Arguments">All of them.</param>
/// <param name="Known">The ones that are known.</param>
/// <param name="IsWhole">Whether none was made up.</param>
internal sealed record Sample(
    IReadOnlyList<AbiValue> Arguments, IReadOnlyDictionary<string, string> Known, bool IsWhole);

/// <summary>Makes samples.</summary>
internal sealed class Samples(Address actor, Instant now, IReadOnlyList<ulong> agents)
{
    private const ulong Day = 86_400;

    private static readonly FrozenSet<string> OwnAgents =
        FrozenSet.Create("agentId", "verifierId", "granteeId", "posterId", "founderId", "ownerAgentId");

    // Commands that name another's agent: the one that a task is for, the one that is rated.
    private static readonly FrozenSet<string> OthersAgents =
        FrozenSet.Create("tasks.create", "feedback.give", "feedback.revoke", "feedback.appendResponse");

    private static readonly FrozenSet<string> Moments =
        FrozenSet.Create("deadline", "expiresAt", "expiredAt", "requestUntil", "validUntil", "validBefore");

    // Refusals that speak of an argument which the client chooses.
    private static readonly FrozenSet<string> AboutArguments = FrozenSet.Create(
        "PriceAboveReserve", "NotOnBoard", "BudgetMismatch", "OfferChanged", "StaleBase", "UnknownVersion",
        "UnknownStep", "StepNotFailed", "UnknownFeedback", "ProviderNotSet", "NotIncreasing", "StaleNonce",
        "ExceedsDeposits", "UnknownChoice", "UnknownStatus", "SharesExceedWhole", "BlocksOutOfOrder", "BudgetExceeded",
        "StepAlreadyLinked", "InsufficientBalance", "ERC20InsufficientBalance");

    private static readonly Hash32 SomeWord = Keccak256.Hash("sample");

    public Address Actor => actor;

    public Instant Now => now;

    /// <summary>Whether a refusal speaks of an argument that the client chooses.</summary>
    public static bool IsAboutArguments(string code) => AboutArguments.Contains(code);

    /// <summary>The candidates; false: the key is none of that kind.</summary>
    public bool TryOf(CommandEntry entry, string key, out IReadOnlyList<Sample> samples)
    {
        var made = new List<Sample>();
        samples = made;
        var thing = entry.Subject?.Argument ?? "";
        if (thing.Length > 0
            && KeyOf(entry.Function.Inputs.First(input => input.Name == thing).Type, key) is null) return false;
        var takesAgent = entry.Function.Inputs.Any(input => input.Name != thing && IsOwn(entry, input.Name));
        var takesSide = entry.Function.Inputs.Any(input => input.Name == "side");
        foreach (var agent in takesAgent ? agents : [0UL])
            foreach (var side in takesSide ? [1UL, 2UL] : (ulong[])[0])
                made.Add(Make(entry, thing, key, agent, side));
        return true;
    }

    private static bool IsOwn(CommandEntry entry, string input) =>
        OwnAgents.Contains(input) && !OthersAgents.Contains(entry.Name);

    private Sample Make(CommandEntry entry, string thing, string key, ulong agent, ulong side)
    {
        var known = new Dictionary<string, string>();
        var values = entry.Function.Inputs.Select(input =>
        {
            var value = input.Name == thing && thing.Length > 0 ? KeyOf(input.Type, key)
                : IsOwn(entry, input.Name) ? (AbiValue)agent
                : input.Name == "side" ? side : null;
            if (value is not null) known.Add(input.Name, value.ToString()!);
            return value ?? AnyOf(input.Type, input.Name, input.Fields ?? []);
        }).ToArray();
        return new Sample(values, known, known.Count == values.Length);
    }

    private AbiValue AnyOf(AbiType type, string name, IReadOnlyList<AbiParameter> fields) => type switch
    {
        AbiType.Unsigned when Moments.Contains(name) => (ulong)now.Seconds + Day,
        AbiType.Unsigned when name == "challengerId" => 0UL,
        AbiType.Unsigned => 1UL,
        AbiType.Signed => BigInteger.One,
        AbiType.Boolean => true,
        AbiType.AddressType => actor,
        AbiType.FixedBytes t => SomeWord.Bytes[..t.Length].ToArray(),
        AbiType.Bytes => Array.Empty<byte>(),
        AbiType.Text => "",
        AbiType.Tuple => AbiValue.Of([.. fields.Select(field => AnyOf(field.Type, field.Name, field.Fields ?? []))]),
        AbiType.FixedArray t => AbiValue.Of([.. Enumerable.Repeat(AnyOf(t.Element, name, fields), t.Length)]),
        _ => AbiValue.Of([]),
    };

    private static AbiValue? KeyOf(AbiType type, string key) => type switch
    {
        AbiType.Unsigned
            when key.Length is > 0 and <= 20
                && ulong.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        // A proposal's number is shown as a word.
        AbiType.Unsigned when Hash32.TryParse(key, null, out var word) => UInt256.FromBigEndian(word.Bytes),
        AbiType.FixedBytes { Length: 32 } when Hash32.TryParse(key, null, out var word) => word,
        AbiType.AddressType when Address.TryParse(key, null, out var address) => address,
        _ => null,
    };
}
