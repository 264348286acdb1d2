// What somebody wishes, as the table of commands reads it. Enters: arguments that fit the function, the address that
// asks, the time of the block to come, rows of one snapshot. Leaves: arguments in the domain's types, and what else is
// known about the wisher. Always holds: a number that the domain's type cannot hold is that type's largest, which no
// thing has and no balance covers; it never wraps.
using System.Globalization;
using System.Numerics;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using EventSourced.Ethereum.Abi;

namespace EventSourced.Api.Commands.Catalog;

/// <summary>A command with its arguments, before it is decided.</summary>
internal sealed class Wish(CommandEntry entry, IReadOnlyList<AbiValue> arguments, Address by, Instant now, Rows rows)
{
    /// <summary>The address that asks.</summary>
    public Address By => by;

    /// <summary>The time of the block to come.</summary>
    public Instant Now => now;

    /// <summary>Rows of the snapshot in which it is decided.</summary>
    public Rows Rows => rows;

    /// <summary>The arguments in the function's order.</summary>
    public IReadOnlyList<AbiValue> Arguments => arguments;

    /// <summary>The argument of a name; a dot leads into a struct: <c>terms.maxPrice</c>.</summary>
    public AbiValue this[string path] => Find(entry.Function.Inputs, arguments, path)
        ?? throw new ArgumentException(
            $"expected an argument of {entry.Function.Canonical}, found '{path}'", nameof(path));

    /// <summary>A number that names a thing.</summary>
    public ulong Id(string path) => this[path].AsUInt256().TryToUInt64(out var id) ? id : ulong.MaxValue;

    /// <summary>A number of at most 128 bits.</summary>
    public UInt128 Amount(string path) =>
        this[path].AsUInt256() is var value && value.Upper == 0 ? value.Lower : UInt128.MaxValue;

    /// <summary>A number of at most 8 bits.</summary>
    public byte Byte(string path) => (byte)Math.Min(Id(path), byte.MaxValue);

    /// <summary>A number of at most 16 bits.</summary>
    public ushort Short(string path) => (ushort)Math.Min(Id(path), ushort.MaxValue);

    /// <summary>A number of at most 32 bits.</summary>
    public uint Count(string path) => (uint)Math.Min(Id(path), uint.MaxValue);

    /// <summary>A moment, in seconds.</summary>
    public Instant Moment(string path) => new(Id(path));

    /// <summary>A signed number of at most 128 bits.</summary>
    public Int128 Signed(string path) =>
        (Int128)BigInteger.Clamp(this[path].AsSigned(), (BigInteger)Int128.MinValue, (BigInteger)Int128.MaxValue);

    /// <summary>A word of 32 bytes, or a number of 256 bits as one.</summary>
    public Word Word(string path) => this[path] switch
    {
        AbiValue.Unsigned number => new Word(number.Value.ToBigEndian()),
        var bytes => new Word(bytes.AsBytes().Span),
    };

    /// <summary>An address.</summary>
    public Address Party(string path) => this[path].AsAddress().ToDomain();

    /// <summary>A text.</summary>
    public string Text(string path) => this[path].AsText();

    /// <summary>Whether the wisher may act for an agent; false where there is none.</summary>
    public async ValueTask<bool> MayActAsync(ulong agentId, Address? actor = null) =>
        await rows.FindAsync(Agents.Fold, agentId).ConfigureAwait(false) is { } agent
        && Agents.MayAct(agent, actor ?? by, await IsOperatorAsync(agent.Owner, actor ?? by).ConfigureAwait(false));

    /// <summary>Whether the owner of an agent has approved the wisher for all of its agents.</summary>
    public async ValueTask<bool> IsOperatorAsync(ulong agentId) =>
        await rows.FindAsync(Agents.Fold, agentId).ConfigureAwait(false) is { } agent
        && await IsOperatorAsync(agent.Owner, by).ConfigureAwait(false);

    private async ValueTask<bool> IsOperatorAsync(Address owner, Address actor) => owner != actor
        && await rows.FindAsync(
            AgentOperators.Fold, AgentOperators.KeyOf(owner, actor)).ConfigureAwait(false) is { IsApproved: true };

    private static AbiValue? Find(IReadOnlyList<AbiParameter> parameters, IReadOnlyList<AbiValue> values, string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? path : path[..dot];
        for (var i = 0; i < parameters.Count; i++)
        {
            if (CommandEntry.NameOf(parameters[i], i) != name) continue;
            return dot < 0 ? values[i] : Find(parameters[i].Fields ?? [], values[i].AsItems(), path[(dot + 1)..]);
        }

        return null;
    }
}

/// <summary>Between the types of lib/Ethereum and the domain's: the same bytes.</summary>
internal static class SameBytes
{
    internal static Address ToDomain(this Ethereum.Address address) => new(address.Bytes);

    internal static Ethereum.Address ToChain(this Address address) => new(address.ToArray());

    internal static Word ToDomain(this Ethereum.Hash32 hash) => new(hash.Bytes);

    internal static string Text(this ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
