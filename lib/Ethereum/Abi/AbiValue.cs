// A value of the contract ABI, for callers that know types only at run time. A closed set of records, compared by
// content; typed code that must be fast reads words with AbiReader instead.
using System.Globalization;
using System.Numerics;

namespace EventSourced.Ethereum.Abi;

/// <summary>A value of the contract ABI.</summary>
public abstract record AbiValue
{
    private AbiValue()
    {
    }

    /// <summary>uintN and ufixed (the scaled integer).</summary>
    public sealed record Unsigned(UInt256 Value) : AbiValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value.ToString();
    }

    /// <summary>intN and fixed (the scaled integer).</summary>
    public sealed record Signed(BigInteger Value) : AbiValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>bool.</summary>
    public sealed record Boolean(bool Value) : AbiValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value ? "true" : "false";
    }

    /// <summary>address.</summary>
    public sealed record Account(Address Value) : AbiValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value.ToString();
    }

    /// <summary>bytes, bytesN and function.</summary>
    public sealed record Bytes(ReadOnlyMemory<byte> Value) : AbiValue
    {
        /// <summary>Same bytes.</summary>
        public bool Equals(Bytes? other) => other is not null && Value.Span.SequenceEqual(other.Value.Span);

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.AddBytes(Value.Span);
            return hash.ToHashCode();
        }

        /// <inheritdoc/>
        public override string ToString() => Hex.ToText(Value.Span);
    }

    /// <summary>string.</summary>
    public sealed record Text(string Value) : AbiValue
    {
        /// <inheritdoc/>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"\"{Value}\"");
    }

    /// <summary>An array's elements, or a struct's fields in order.</summary>
    public sealed record Sequence : AbiValue
    {
        /// <summary>Takes the items in order.</summary>
        public Sequence(params IReadOnlyList<AbiValue> items) => Items = items;

        /// <summary>The items in order.</summary>
        public IReadOnlyList<AbiValue> Items { get; }

        /// <summary>Same items in the same order.</summary>
        public bool Equals(Sequence? other) => other is not null && Items.SequenceEqual(other.Items);

        /// <inheritdoc/>
        public override int GetHashCode() => Items.Aggregate(17, HashCode.Combine);

        /// <inheritdoc/>
        public override string ToString() => $"[{string.Join(", ", Items)}]";
    }

    /// <summary>An array or a struct.</summary>
    public static AbiValue Of(params IReadOnlyList<AbiValue> items) => new Sequence(items);

    /// <summary>uintN.</summary>
    public static implicit operator AbiValue(UInt256 value) => new Unsigned(value);

    /// <summary>uintN.</summary>
    public static implicit operator AbiValue(ulong value) => new Unsigned(value);

    /// <summary>intN.</summary>
    public static implicit operator AbiValue(BigInteger value) => new Signed(value);

    /// <summary>bool.</summary>
    public static implicit operator AbiValue(bool value) => new Boolean(value);

    /// <summary>address.</summary>
    public static implicit operator AbiValue(Address value) => new Account(value);

    /// <summary>bytes32.</summary>
    public static implicit operator AbiValue(Hash32 value) => new Bytes(value.Bytes.ToArray());

    /// <summary>bytes.</summary>
    public static implicit operator AbiValue(byte[] value) => new Bytes(value);

    /// <summary>string.</summary>
    public static implicit operator AbiValue(string value) => new Text(value);

    /// <summary>The unsigned number; any other value throws an InvalidCastException that names it.</summary>
    public UInt256 AsUInt256() => this is Unsigned unsigned ? unsigned.Value : throw Not("an unsigned number");

    /// <summary>The signed number.</summary>
    public BigInteger AsSigned() => this is Signed signed ? signed.Value : throw Not("a signed number");

    /// <summary>The truth value.</summary>
    public bool AsBoolean() => this is Boolean boolean ? boolean.Value : throw Not("a bool");

    /// <summary>The address.</summary>
    public Address AsAddress() => this is Account account ? account.Value : throw Not("an address");

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> AsBytes() => this is Bytes bytes ? bytes.Value : throw Not("bytes");

    /// <summary>The bytes32.</summary>
    public Hash32 AsHash32() => new(AsBytes().Span);

    /// <summary>The text.</summary>
    public string AsText() => this is Text text ? text.Value : throw Not("a string");

    /// <summary>The elements or fields.</summary>
    public IReadOnlyList<AbiValue> AsItems() =>
        this is Sequence sequence ? sequence.Items : throw Not("an array or a struct");

    private InvalidCastException Not(string expected) =>
        new($"expected {expected}, found a value of kind {GetType().Name}");
}
