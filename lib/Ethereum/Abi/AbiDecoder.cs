// The contract ABI's bytes into values, for types known only at run time. Enters: types and bytes from strangers.
// Leaves: values, or an error with its path. Always holds: the memory taken is in proportion to the input, even when
// offsets overlap, because every value is paid for from one budget.
namespace EventSourced.Ethereum.Abi;

/// <summary>Decodes values.</summary>
public static class AbiDecoder
{
    /// <summary>
    /// The most bytes of values that one byte of input may become; overlapping offsets are legal but not endless.
    /// </summary>
    public const int MaxExpansion = 8;

    private const int FreeBytes = 64 * 1024;

    /// <summary>Decodes a list of values, as arguments of a call, results or event data are.</summary>
    public static IReadOnlyList<AbiValue> Decode(IReadOnlyList<AbiType> types, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(types);
        var reader = new AbiReader(data);
        var budget = (long)data.Length * MaxExpansion + FreeBytes;
        return Items(ref reader, types, types.Count, ref budget);
    }

    /// <summary>Decodes one value, encoded as a list of one.</summary>
    public static AbiValue Decode(AbiType type, ReadOnlySpan<byte> data) => Decode([type], data)[0];

    /// <summary>Decodes a topic: a value type as itself, anything dynamic as the hash that stands for it.</summary>
    public static AbiValue DecodeTopic(AbiType type, Hash32 topic)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type is AbiType.Bytes or AbiType.Text or AbiType.DynamicArray or AbiType.FixedArray or AbiType.Tuple
            ? topic
            : Decode(type, topic.Bytes);
    }

    private static AbiValue Read(ref AbiReader reader, AbiType type, ref long budget)
    {
        Pay(ref budget, AbiReader.WordSize, reader.Position);
        switch (type)
        {
            case AbiType.Unsigned t:
                return reader.ReadUInt256(t.Bits);
            case AbiType.Signed t:
                return reader.ReadSigned(t.Bits);
            case AbiType.FixedPoint { IsSigned: true } t:
                return reader.ReadSigned(t.Bits);
            case AbiType.FixedPoint t:
                return reader.ReadUInt256(t.Bits);
            case AbiType.Boolean:
                return reader.ReadBoolean();
            case AbiType.AddressType:
                return reader.ReadAddress();
            case AbiType.FixedBytes t:
                return reader.ReadFixedBytes(t.Length).ToArray();
            case AbiType.FunctionPointer:
                return reader.ReadFixedBytes(24).ToArray();
            case AbiType.Bytes:
                var bytes = reader.ReadBytes();
                Pay(ref budget, bytes.Length, reader.Position);
                return bytes.ToArray();
            case AbiType.Text:
                var start = reader;
                Pay(ref budget, start.ReadBytes().Length, reader.Position);
                return reader.ReadString();
            case AbiType.DynamicArray t:
                var elements = reader.ReadArray(t.Element.HeadSize, out var count);
                return new AbiValue.Sequence(Repeat(ref elements, t.Element, count, ref budget));
            case AbiType.FixedArray { IsDynamic: true } t:
                var tail = reader.ReadTail();
                return new AbiValue.Sequence(Repeat(ref tail, t.Element, t.Length, ref budget));
            case AbiType.FixedArray t:
                return new AbiValue.Sequence(Repeat(ref reader, t.Element, t.Length, ref budget));
            case AbiType.Tuple { IsDynamic: true } t:
                var fields = reader.ReadTail();
                return new AbiValue.Sequence(Items(ref fields, t.Fields, t.Fields.Count, ref budget));
            case AbiType.Tuple t:
                return new AbiValue.Sequence(Items(ref reader, t.Fields, t.Fields.Count, ref budget));
            default:
                throw new ArgumentException(
                    $"expected a type of the contract ABI, found {type.GetType().Name}", nameof(type));
        }
    }

    private static AbiValue[] Items(ref AbiReader reader, IReadOnlyList<AbiType> types, int count, ref long budget)
    {
        var items = new AbiValue[count];
        for (var i = 0; i < count; i++) items[i] = Read(ref reader, types[i], ref budget);
        return items;
    }

    private static AbiValue[] Repeat(ref AbiReader reader, AbiType element, int count, ref long budget)
    {
        // Paid for before the array is taken: elements of no size would make a length from strangers free.
        Pay(ref budget, (long)count * 8, reader.Position);
        var items = new AbiValue[count];
        for (var i = 0; i < count; i++) items[i] = Read(ref reader, element, ref budget);
        return items;
    }

    private static void Pay(ref long budget, long price, int position)
    {
        budget -= price;
        if (budget < 0)
            throw new AbiException($"values of at most {MaxExpansion} times the input", "more, by overlapping offsets",
                $"byte {position}");
    }
}
