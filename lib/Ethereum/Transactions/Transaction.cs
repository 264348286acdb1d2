// Transactions: legacy (EIP-155), access list (EIP-2930) and fee market (EIP-1559). Enters: fields, or raw bytes from
// strangers. Leaves: the hash that is signed, the raw bytes, the sender. Always holds: decoding accepts only what
// encoding would write.
using EventSourced.Ethereum.Rlp;

namespace EventSourced.Ethereum.Transactions;

/// <summary>Storage that a transaction announces to touch.</summary>
public sealed record AccessListEntry(Address Address, IReadOnlyList<Hash32> StorageKeys)
{
    /// <summary>Same address, same keys in the same order.</summary>
    public bool Equals(AccessListEntry? other) =>
        other is not null && Address == other.Address && StorageKeys.SequenceEqual(other.StorageKeys);

    /// <inheritdoc/>
    public override int GetHashCode() => StorageKeys.Aggregate(Address.GetHashCode(), HashCode.Combine);
}

/// <summary>A transaction without its signature.</summary>
public abstract record Transaction
{
    private Transaction()
    {
    }

    /// <summary>How many transactions the sender had sent before.</summary>
    public ulong Nonce { get; init; }

    /// <summary>The most gas it may use.</summary>
    public ulong GasLimit { get; init; }

    /// <summary>The receiver; null creates a contract.</summary>
    public Address? To { get; init; }

    /// <summary>The wei that go along.</summary>
    public UInt256 Value { get; init; }

    /// <summary>The call's data, or a contract's code.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The hash that is signed.</summary>
    public Hash32 SigningHash => Keccak256.Hash(Encode(null));

    /// <summary>Signs and answers the transaction ready to send.</summary>
    public SignedTransaction Sign(SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new SignedTransaction(this, key.Sign(SigningHash));
    }

    internal byte[] Encode(Signature? signature)
    {
        var rlp = new RlpWriter().BeginList();
        WriteFields(rlp, signature);
        var body = rlp.EndList().ToArray();
        return TypeByte is { } type ? [type, .. body] : body;
    }

    private protected abstract byte? TypeByte { get; }

    private protected abstract void WriteFields(RlpWriter rlp, Signature? signature);

    private protected static void WriteAccessList(RlpWriter rlp, IReadOnlyList<AccessListEntry> list)
    {
        rlp.BeginList();
        foreach (var entry in list)
        {
            rlp.BeginList().Write(entry.Address.Bytes).BeginList();
            foreach (var key in entry.StorageKeys) rlp.Write(key.Bytes);
            rlp.EndList().EndList();
        }

        rlp.EndList();
    }

    private protected static void WriteSignature(RlpWriter rlp, Signature? signature)
    {
        if (signature is not { } signed) return;
        rlp.Write((UInt256)(ulong)signed.YParity).Write(signed.R.ToUInt256()).Write(signed.S.ToUInt256());
    }

    private bool SameCall(Transaction other) => Nonce == other.Nonce && GasLimit == other.GasLimit && To == other.To &&
        Value == other.Value && Data.Span.SequenceEqual(other.Data.Span);

    /// <summary>
    /// A transaction of the first kind; <paramref name="ChainId"/> null means unprotected (before EIP-155).
    /// </summary>
    public sealed record Legacy(ulong? ChainId, UInt256 GasPrice) : Transaction
    {
        private protected override byte? TypeByte => null;

        private protected override void WriteFields(RlpWriter rlp, Signature? signature)
        {
            rlp.Write((UInt256)Nonce).Write(GasPrice).Write((UInt256)GasLimit).Write(To).Write(Value).Write(Data.Span);
            if (signature is { } signed)
            {
                var v = ChainId is { } chain ? 35 + 2 * (UInt256)chain : 27;
                rlp.Write(v + (ulong)signed.YParity).Write(signed.R.ToUInt256()).Write(signed.S.ToUInt256());
            }
            else if (ChainId is { } chain)
            {
                rlp.Write((UInt256)chain).Write(UInt256.Zero).Write(UInt256.Zero);
            }
        }

        /// <summary>Same fields.</summary>
        public bool Equals(Legacy? other) =>
            other is not null && SameCall(other) && ChainId == other.ChainId && GasPrice == other.GasPrice;

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Nonce, To, Value, GasPrice);
    }

    /// <summary>A transaction with an access list (EIP-2930).</summary>
    public sealed record AccessList(ulong ChainId, UInt256 GasPrice) : Transaction
    {
        /// <summary>The storage it announces.</summary>
        public IReadOnlyList<AccessListEntry> Announced { get; init; } = [];

        private protected override byte? TypeByte => 1;

        private protected override void WriteFields(RlpWriter rlp, Signature? signature)
        {
            rlp.Write((UInt256)ChainId).Write((UInt256)Nonce).Write(GasPrice)
                .Write((UInt256)GasLimit).Write(To).Write(Value).Write(Data.Span);
            WriteAccessList(rlp, Announced);
            WriteSignature(rlp, signature);
        }

        /// <summary>Same fields.</summary>
        public bool Equals(AccessList? other) => other is not null && SameCall(other) && ChainId == other.ChainId &&
            GasPrice == other.GasPrice && Announced.SequenceEqual(other.Announced);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Nonce, To, Value, GasPrice);
    }

    /// <summary>A transaction that bids a tip above the base fee (EIP-1559).</summary>
    public sealed record FeeMarket(ulong ChainId, UInt256 MaxPriorityFeePerGas, UInt256 MaxFeePerGas) : Transaction
    {
        /// <summary>The storage it announces.</summary>
        public IReadOnlyList<AccessListEntry> Announced { get; init; } = [];

        private protected override byte? TypeByte => 2;

        private protected override void WriteFields(RlpWriter rlp, Signature? signature)
        {
            rlp.Write((UInt256)ChainId).Write((UInt256)Nonce).Write(MaxPriorityFeePerGas).Write(MaxFeePerGas)
                .Write((UInt256)GasLimit).Write(To).Write(Value).Write(Data.Span);
            WriteAccessList(rlp, Announced);
            WriteSignature(rlp, signature);
        }

        /// <summary>Same fields.</summary>
        public bool Equals(FeeMarket? other) => other is not null && SameCall(other) && ChainId == other.ChainId &&
            MaxPriorityFeePerGas == other.MaxPriorityFeePerGas && MaxFeePerGas == other.MaxFeePerGas &&
            Announced.SequenceEqual(other.Announced);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Nonce, To, Value, MaxFeePerGas);
    }
}
