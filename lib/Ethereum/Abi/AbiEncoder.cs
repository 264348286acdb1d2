// Values into the contract ABI's bytes. Enters: types and values side by side. Leaves: head and tail as the ABI
// specification lays them out. Always holds: a value that its type cannot hold is refused with its path, never cut.
namespace EventSourced.Ethereum.Abi;

/// <summary>Encodes values.</summary>
public static class AbiEncoder
{
    /// <summary>The most bytes that one encoding may take.</summary>
    public const int MaxLength = 64 << 20;

    /// <summary>Encodes a list of values, as arguments of a call, results or event data are.</summary>
    public static byte[] Encode(IReadOnlyList<AbiType> types, IReadOnlyList<AbiValue> values)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(values);
        var bytes = new byte[SequenceSize(types, values, "")];
        WriteSequence(types, values, bytes);
        return bytes;
    }

    /// <summary>Encodes one value, as a list of one.</summary>
    public static byte[] Encode(AbiType type, AbiValue value) => Encode([type], [value]);

    private static int SequenceSize(IReadOnlyList<AbiType> types, IReadOnlyList<AbiValue> values, string path)
    {
        if (types.Count != values.Count) throw Mismatch($"{types.Count} values", $"{values.Count}", path);
        long size = 0;
        for (var i = 0; i < types.Count; i++)
        {
            size += types[i].HeadSize;
            var inner = Size(types[i], values[i], $"{path}[{i}]");
            if (types[i].IsDynamic) size += inner;
            if (size > MaxLength) throw Mismatch($"at most {MaxLength} bytes", "more", path);
        }

        return (int)size;
    }

    /// <summary>Checks a value against its type and answers how many bytes it takes where it stands.</summary>
    private static int Size(AbiType type, AbiValue value, string path)
    {
        switch (type, value)
        {
            case (AbiType.Unsigned t, AbiValue.Unsigned v) when v.Value.BitLength <= t.Bits:
            case (AbiType.FixedPoint { IsSigned: false } f, AbiValue.Unsigned w) when w.Value.BitLength <= f.Bits:
            case (AbiType.Signed s, AbiValue.Signed x) when x.Value.FitsIn(s.Bits):
            case (AbiType.FixedPoint { IsSigned: true } g, AbiValue.Signed y) when y.Value.FitsIn(g.Bits):
            case (AbiType.Boolean, AbiValue.Boolean):
            case (AbiType.AddressType, AbiValue.Account):
            case (AbiType.FixedBytes b, AbiValue.Bytes z) when z.Value.Length == b.Length:
            case (AbiType.FunctionPointer, AbiValue.Bytes { Value.Length: 24 }):
                return 32;
            case (AbiType.Bytes, AbiValue.Bytes v):
                return Padded(32L + v.Value.Length, path);
            case (AbiType.Text, AbiValue.Text v):
                return Padded(32L + System.Text.Encoding.UTF8.GetByteCount(v.Value), path);
            case (AbiType.DynamicArray array, AbiValue.Sequence v):
                return Padded(32L + SequenceSize(Repeated(array.Element, v.Items.Count), v.Items, path), path);
            case (AbiType.FixedArray array, AbiValue.Sequence v):
                return SequenceSize(Repeated(array.Element, array.Length), v.Items, path);
            case (AbiType.Tuple tuple, AbiValue.Sequence v):
                return SequenceSize(tuple.Fields, v.Items, path);
            default:
                throw Mismatch($"a value of {type}",
                    value is null ? "null" : $"{Shortened(value)} of kind {value.GetType().Name}", path);
        }
    }

    private static void WriteSequence(IReadOnlyList<AbiType> types, IReadOnlyList<AbiValue> values, Span<byte> space)
    {
        var head = 0;
        var tail = 0;
        for (var i = 0; i < types.Count; i++) tail += types[i].HeadSize;
        for (var i = 0; i < types.Count; i++)
        {
            if (types[i].IsDynamic)
            {
                new UInt256(0, 0, 0, (ulong)tail).WriteBigEndian(space[head..]);
                tail += Write(types[i], values[i], space[tail..]);
            }
            else
            {
                Write(types[i], values[i], space[head..]);
            }

            head += types[i].HeadSize;
        }
    }

    /// <summary>Writes a checked value where it stands and answers how many bytes it took.</summary>
    private static int Write(AbiType type, AbiValue value, Span<byte> space)
    {
        switch (type, value)
        {
            case (_, AbiValue.Unsigned v):
                v.Value.WriteBigEndian(space);
                return 32;
            case (_, AbiValue.Signed v):
                v.Value.WriteBigEndian(space);
                return 32;
            case (_, AbiValue.Boolean v):
                space[31] = v.Value ? (byte)1 : (byte)0;
                return 32;
            case (_, AbiValue.Account v):
                v.Value.Bytes.CopyTo(space[12..]);
                return 32;
            case (AbiType.Bytes, AbiValue.Bytes v):
                return WriteBytes(v.Value.Span, space);
            case (_, AbiValue.Bytes v):
                v.Value.Span.CopyTo(space);
                return 32;
            case (_, AbiValue.Text v):
                return WriteBytes(System.Text.Encoding.UTF8.GetBytes(v.Value), space);
            case (AbiType.DynamicArray array, AbiValue.Sequence v):
                new UInt256(0, 0, 0, (ulong)v.Items.Count).WriteBigEndian(space);
                return 32 + WriteItems(Repeated(array.Element, v.Items.Count), v.Items, space[32..]);
            case (AbiType.FixedArray array, AbiValue.Sequence v):
                return WriteItems(Repeated(array.Element, array.Length), v.Items, space);
            case (AbiType.Tuple tuple, AbiValue.Sequence v):
                return WriteItems(tuple.Fields, v.Items, space);
            default:
                throw new InvalidOperationException(
                    $"expected a checked value of {type}, found {value.GetType().Name}");
        }
    }

    private static int WriteItems(IReadOnlyList<AbiType> types, IReadOnlyList<AbiValue> values, Span<byte> space)
    {
        var size = SequenceSize(types, values, "");
        WriteSequence(types, values, space[..size]);
        return size;
    }

    private static int WriteBytes(ReadOnlySpan<byte> bytes, Span<byte> space)
    {
        new UInt256(0, 0, 0, (ulong)bytes.Length).WriteBigEndian(space);
        bytes.CopyTo(space[32..]);
        return 32 + (bytes.Length + 31) / 32 * 32;
    }

    private static int Padded(long size, string path) => size <= MaxLength
        ? (int)((size + 31) / 32 * 32)
        : throw Mismatch($"at most {MaxLength} bytes", $"{size}", path);

    private static AbiType[] Repeated(AbiType type, int count)
    {
        var types = new AbiType[count];
        Array.Fill(types, type);
        return types;
    }

    private static string Shortened(AbiValue value) =>
        value.ToString() is { Length: <= 80 } text ? text : "a long value";

    private static AbiException Mismatch(string expected, string found, string path) =>
        new(expected, found, path.Length == 0 ? "the values" : $"value{path}");
}
