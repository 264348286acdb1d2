// The types of the contract ABI. Enters: a type's name, as Solidity's ABI writes it. Leaves: a tree that knows its
// canonical name, whether it is dynamic and how many bytes its head takes. Always holds: a tree is at most 32 deep.
using System.Globalization;

namespace EventSourced.Ethereum.Abi;

/// <summary>A type of the contract ABI.</summary>
public abstract record AbiType
{
    /// <summary>The deepest nesting of arrays and tuples.</summary>
    public const int MaxDepth = 32;

    /// <summary>The longest fixed array that is accepted.</summary>
    public const int MaxFixedLength = 1 << 20;

    private AbiType(bool isDynamic, long headSize)
    {
        IsDynamic = isDynamic;
        HeadSize = headSize <= int.MaxValue
            ? (int)headSize
            : throw new FormatException($"expected a type of at most {int.MaxValue} bytes, found {headSize}");
    }

    /// <summary>Whether the value stands in the tail, behind an offset.</summary>
    public bool IsDynamic { get; }

    /// <summary>The number of bytes that the value takes in the head: 32 for an offset.</summary>
    public int HeadSize { get; }

    /// <summary>The canonical name, as it enters a selector.</summary>
    public abstract string Name { get; }

    /// <summary>uint8 to uint256.</summary>
    public sealed record Unsigned(int Bits) : AbiType(false, 32)
    {
        /// <inheritdoc/>
        public override string Name => string.Create(CultureInfo.InvariantCulture, $"uint{Bits}");
    }

    /// <summary>int8 to int256.</summary>
    public sealed record Signed(int Bits) : AbiType(false, 32)
    {
        /// <inheritdoc/>
        public override string Name => string.Create(CultureInfo.InvariantCulture, $"int{Bits}");
    }

    /// <summary>fixed and ufixed: a number scaled by a power of ten; the value is the scaled integer.</summary>
    public sealed record FixedPoint(bool IsSigned, int Bits, int Decimals) : AbiType(false, 32)
    {
        /// <inheritdoc/>
        public override string Name =>
            string.Create(CultureInfo.InvariantCulture, $"{(IsSigned ? "" : "u")}fixed{Bits}x{Decimals}");
    }

    /// <summary>bool.</summary>
    public sealed record Boolean() : AbiType(false, 32)
    {
        /// <inheritdoc/>
        public override string Name => "bool";
    }

    /// <summary>address.</summary>
    public sealed record AddressType() : AbiType(false, 32)
    {
        /// <inheritdoc/>
        public override string Name => "address";
    }

    /// <summary>bytes1 to bytes32.</summary>
    public sealed record FixedBytes(int Length) : AbiType(false, 32)
    {
        /// <inheritdoc/>
        public override string Name => string.Create(CultureInfo.InvariantCulture, $"bytes{Length}");
    }

    /// <summary>function: an address and a selector in 24 bytes.</summary>
    public sealed record FunctionPointer() : AbiType(false, 32)
    {
        /// <inheritdoc/>
        public override string Name => "function";
    }

    /// <summary>bytes.</summary>
    public sealed record Bytes() : AbiType(true, 32)
    {
        /// <inheritdoc/>
        public override string Name => "bytes";
    }

    /// <summary>string.</summary>
    public sealed record Text() : AbiType(true, 32)
    {
        /// <inheritdoc/>
        public override string Name => "string";
    }

    /// <summary>T[].</summary>
    public sealed record DynamicArray(AbiType Element) : AbiType(true, 32)
    {
        /// <inheritdoc/>
        public override string Name => Element.Name + "[]";
    }

    /// <summary>T[k].</summary>
    public sealed record FixedArray(AbiType Element, int Length)
        : AbiType(
            Element.IsDynamic && Length > 0, Element.IsDynamic && Length > 0 ? 32 : (long)Element.HeadSize * Length)
    {
        /// <inheritdoc/>
        public override string Name => string.Create(CultureInfo.InvariantCulture, $"{Element.Name}[{Length}]");
    }

    /// <summary>A struct: its fields in order.</summary>
    public sealed record Tuple : AbiType
    {
        /// <summary>Builds a struct.</summary>
        public Tuple(params IReadOnlyList<AbiType> fields)
            : base(fields.Any(field => field.IsDynamic),
                fields.Any(field => field.IsDynamic) ? 32 : fields.Sum(field => (long)field.HeadSize)) =>
            Fields = fields;

        /// <summary>The fields' types.</summary>
        public IReadOnlyList<AbiType> Fields { get; }

        /// <inheritdoc/>
        public override string Name => $"({string.Join(',', Fields.Select(item => item.Name))})";

        /// <summary>Same fields in the same order.</summary>
        public bool Equals(Tuple? other) => other is not null && Fields.SequenceEqual(other.Fields);

        /// <inheritdoc/>
        public override int GetHashCode() => Fields.Aggregate(17, HashCode.Combine);
    }

    /// <summary>Reads a type's name; structs are written (t1,t2) or tuple(t1,t2).</summary>
    public static AbiType Parse(string name) => AbiTypeParser.ParseWhole(name);

    /// <summary>Reads several types' names.</summary>
    public static AbiType[] ParseAll(params IReadOnlyList<string> names) => [.. names.Select(Parse)];

    /// <summary>The canonical name.</summary>
    public sealed override string ToString() => Name;
}
