// The storage places of row fields: the slot of each field in the contracts, as the compiler laid it out. Enters:
// folded states. Leaves: slots, and the bits in them that must equal the row's fields. Always holds: the places are
// those of the contracts of this repository (a test compares them with a chain on which they run); a field that a
// contract stores in another form than the row has no spot.
using System.Buffers.Binary;
using System.Globalization;
using EventSourced.Domain.Events;
using EventSourced.Domain.Market;
using EventSourced.Domain.Money;
using EventSourced.Ethereum;
using Money = EventSourced.Domain.Money.Accounts;
using Word = EventSourced.Domain.Values.Word;

namespace EventSourced.Indexer.Audit;

/// <summary>A field of a row, and its place in its word.</summary>
/// <param name="Name">The field.</param>
/// <param name="Offset">The first byte, counted from the low end.</param>
/// <param name="Bytes">The number of bytes.</param>
/// <param name="Value">The value in the row.</param>
internal readonly record struct StoredField(string Name, int Offset, int Bytes, UInt256 Value)
{
    private const int BitsOfByte = 8;

    /// <summary>The field's value in a word.</summary>
    internal UInt256 In(UInt256 word)
    {
        var shifted = word >> (BitsOfByte * Offset);
        return Bytes == UInt256.ByteCount
            ? shifted
            : shifted & ((UInt256.One << (BitsOfByte * Bytes)) - UInt256.One);
    }
}

/// <summary>A slot of a contract that corresponds to a row.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Slot">The slot.</param>
/// <param name="Row">The row, for people.</param>
/// <param name="Fields">The fields in the slot.</param>
internal sealed record StoredSpot(
    ContractName Contract, Hash32 Slot, string Row, IReadOnlyList<StoredField> Fields);

/// <summary>A kind of rows whose storage can be proven.</summary>
/// <param name="Name">The kind, for people.</param>
/// <param name="Spots">The spots of every row of it.</param>
internal sealed record StoredKind(string Name, Func<DryFold, IEnumerable<StoredSpot>> Spots);

/// <summary>The kinds.</summary>
internal static class StoredSpots
{
    private const int AddressBytes = 20;
    private const int HeldBytes = 24;
    private const int PriceBytes = 12;
    private const int TimeBytes = 5;
    private const int IdBytes = 8;

    // The slots of the variables. A struct in a mapping begins at the hashed slot; its other slots follow.
    private const ulong Balances = 0;
    private const ulong Allowances = 1;
    private const ulong Nonces = 7;
    private const ulong Accounts = 0;
    private const ulong Tasks = 1;

    internal static IReadOnlyList<StoredKind> Kinds { get; } =
    [
        new("balances of the token", fold => fold.StatesOf<CreditHolders.State>().Select(OfBalance)),
        new("nonces of permits", fold => fold.StatesOf<CreditHolders.State>().Select(OfNonce)),
        new("allowances", fold => fold.StatesOf<Domain.Money.Allowances.State>().Select(OfAllowance)),
        new("stakes", fold => fold.StatesOf<Balances.State>().Where(IsStake).Select(OfAccount)),
        new("accounts of the vault",
            fold => fold.StatesOf<Balances.State>().Where(one => !IsStake(one) && IsKept(one)).Select(OfAccount)),
        new("tasks", fold => fold.StatesOf<Tasks.State>().SelectMany(OfTask)),
    ];

    private static bool IsStake(Balances.State account) => account.Kind == Money.Kind.Stake;

    // The vault keeps no account that stands outside of it.
    private static bool IsKept(Balances.State account) => account.Kind != Money.Kind.External;

    private static StoredSpot OfBalance(CreditHolders.State holder) => new(
        ContractName.Credit, Under(Padded(holder.Holder.ToArray()), Number(Balances)), $"creditHolder {holder.Holder}",
        [new("balance", 0, UInt256.ByteCount, holder.Balance)]);

    private static StoredSpot OfNonce(CreditHolders.State holder) => new(
        ContractName.Credit, Under(Padded(holder.Holder.ToArray()), Number(Nonces)), $"creditHolder {holder.Holder}",
        [new("permitNonce", 0, UInt256.ByteCount, holder.PermitNonce)]);

    private static StoredSpot OfAllowance(Allowances.State allowance) => new(
        ContractName.Credit,
        Under(Padded(allowance.Spender.ToArray()), Under(Padded(allowance.Owner.ToArray()), Number(Allowances)).Bytes),
        $"allowance of {allowance.Owner} to {allowance.Spender}",
        [new("value", 0, UInt256.ByteCount, new UInt256(allowance.Value.High, allowance.Value.Low))]);

    private static StoredSpot OfAccount(Balances.State account) => new(
        ContractName.Vault, Under(account.Account.ToArray(), Number(Accounts)),
        string.Create(CultureInfo.InvariantCulture, $"account {account.Account} ({account.Kind} {account.Id})"),
        [new("balance", 0, HeldBytes, account.Balance)]);

    // The row numbers the states as the contract does, from the first state that outlives its transaction.
    private static IEnumerable<StoredSpot> OfTask(Tasks.State task)
    {
        var first = Under(Number(task.TaskId), Number(Tasks));
        var row = string.Create(CultureInfo.InvariantCulture, $"task {task.TaskId}");
        yield return new StoredSpot(ContractName.TaskMarket, first, row,
        [
            new("client", 0, AddressBytes, UInt256.FromBigEndianShort(task.Client.ToArray())),
            new("status", 20, 1, (ulong)task.Status),
            new("mode", 21, 1, (ulong)task.Mode),
            new("round", 23, 2, task.Round),
            new("expiresAt", 27, TimeBytes, Seconds(task.ExpiresAt)),
        ]);
        yield return new StoredSpot(ContractName.TaskMarket, Behind(first, 1), row,
        [
            new("maxPrice", 0, PriceBytes, task.MaxPrice),
            new("agentBond", PriceBytes, PriceBytes, task.AgentBond),
            new("namedAgentId", 2 * PriceBytes, IdBytes, task.NamedAgentId),
        ]);
        yield return new StoredSpot(ContractName.TaskMarket, Behind(first, 5), row,
            [new("domain", 0, UInt256.ByteCount, UInt256.FromBigEndian(task.Domain.ToArray()))]);
    }

    private static UInt256 Seconds(Domain.Values.Instant instant) => (ulong)instant.Seconds;

    // The slot of a mapping's value (Solidity, layout of state variables in storage).
    private static Hash32 Under(ReadOnlySpan<byte> key, ReadOnlySpan<byte> slot)
    {
        Span<byte> both = stackalloc byte[2 * UInt256.ByteCount];
        key.CopyTo(both);
        slot.CopyTo(both[UInt256.ByteCount..]);
        return Keccak256.Hash(both);
    }

    private static Hash32 Behind(Hash32 slot, ulong count) => Hash32.FromUInt256(slot.ToUInt256() + count);

    private static byte[] Padded(byte[] address) => [.. new byte[UInt256.ByteCount - AddressBytes], .. address];

    private static byte[] Number(ulong value)
    {
        var word = new byte[UInt256.ByteCount];
        BinaryPrimitives.WriteUInt64BigEndian(word.AsSpan(UInt256.ByteCount - sizeof(ulong)), value);
        return word;
    }
}
