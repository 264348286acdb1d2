// The form of each column type on the wire of COPY, and back from a reader. One overload a type, found by reflection
// when a table is declared; a type without one cannot be a column. Always holds: a written value reads back equal, and
// a value too large for its column is refused, never cut.
using System.Buffers.Binary;
using System.Numerics;
using EventSourced.Domain.Values;
using EventSourced.MartenBulk;
using Npgsql;

namespace EventSourced.Tables;

/// <summary>Values of columns on the wire.</summary>
public static class Wire
{
    private const ulong TenTo16 = 10_000_000_000_000_000;
    private const int MostGroups = 20;
    private const int WordBytes = 32;

    /// <summary>Writes a boolean.</summary>
    public static void Write(CopyBuffer row, bool value) => row.Boolean(value);

    /// <summary>Writes a smallint.</summary>
    public static void Write(CopyBuffer row, byte value) => row.Int16(value);

    /// <summary>Writes an integer.</summary>
    public static void Write(CopyBuffer row, ushort value) => row.Int32(value);

    /// <summary>Writes a bigint.</summary>
    public static void Write(CopyBuffer row, uint value) => row.Int64(value);

    /// <summary>Writes a bigint.</summary>
    public static void Write(CopyBuffer row, ulong value) => row.Int64(checked((long)value));

    /// <summary>Writes seconds as a bigint.</summary>
    public static void Write(CopyBuffer row, Instant value) => row.Int64(value.Seconds);

    /// <summary>Writes text.</summary>
    public static void Write(CopyBuffer row, string value) => row.Text(value);

    /// <summary>Writes 32 bytes.</summary>
    public static void Write(CopyBuffer row, Word value)
    {
        Span<byte> bytes = stackalloc byte[Word.Length];
        value.WriteTo(bytes);
        row.Utf8(bytes);
    }

    /// <summary>Writes 20 bytes.</summary>
    public static void Write(CopyBuffer row, Address value)
    {
        Span<byte> bytes = stackalloc byte[Address.Length];
        value.WriteTo(bytes);
        row.Utf8(bytes);
    }

    /// <summary>Writes bytes.</summary>
    public static void Write(CopyBuffer row, Bytes value) => row.Utf8(value.Content);

    /// <summary>Writes a numeric.</summary>
    public static void Write(CopyBuffer row, UInt128 value) => WriteNumeric(row, value, false);

    /// <summary>Writes a numeric.</summary>
    public static void Write(CopyBuffer row, Int128 value) =>
        WriteNumeric(row, value < 0 ? (UInt128)(-value) : (UInt128)value, value < 0);

    /// <summary>Writes a numeric.</summary>
    public static void Write(CopyBuffer row, UInt256 value)
    {
        if (value.High == 0) WriteNumeric(row, value.Low, false);
        else WriteNumeric(row, value.High, value.Low, false);
    }

    /// <summary>Writes a numeric.</summary>
    public static void Write(CopyBuffer row, Int256 value)
    {
        // The size of a negative number is its two's complement.
        if (value.High == 0) WriteNumeric(row, value.Low, false);
        else if (value.High > 0) WriteNumeric(row, (UInt128)value.High, value.Low, false);
        else WriteNumeric(
            row, unchecked((UInt128)~value.High + (value.Low == 0 ? UInt128.One : 0)), unchecked(~value.Low + 1), true);
    }

    /// <summary>Writes an array of bigint.</summary>
    public static void Write(CopyBuffer row, Sequence<ulong> value)
    {
        Span<long> numbers = value.Count <= 64 ? stackalloc long[value.Count] : new long[value.Count];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = checked((long)value[i]);
        row.Int64Array(numbers);
    }

    /// <summary>Writes words one after the other.</summary>
    public static void Write(CopyBuffer row, Sequence<UInt256> value)
    {
        Span<byte> bytes = value.Count <= 16
            ? stackalloc byte[value.Count * WordBytes] : new byte[value.Count * WordBytes];
        for (var i = 0; i < value.Count; i++)
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes[(i * WordBytes)..], value[i].High);
            BinaryPrimitives.WriteUInt128BigEndian(bytes[(i * WordBytes + WordBytes / 2)..], value[i].Low);
        }

        row.Utf8(bytes);
    }

    /// <summary>Reads a column as the type that was written.</summary>
    public static T Read<T>(NpgsqlDataReader reader, int column)
    {
        ArgumentNullException.ThrowIfNull(reader);
        object value = Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.Boolean => reader.GetBoolean(column),
            TypeCode.Byte => checked((byte)reader.GetInt16(column)),
            TypeCode.UInt16 => checked((ushort)reader.GetInt32(column)),
            TypeCode.UInt32 => checked((uint)reader.GetInt64(column)),
            TypeCode.UInt64 => checked((ulong)reader.GetInt64(column)),
            TypeCode.String => reader.GetString(column),
            _ => ReadValue(typeof(T), reader, column),
        };
        return (T)value;
    }

    private static object ReadValue(Type type, NpgsqlDataReader reader, int column) =>
        type == typeof(Instant) ? new Instant((ulong)reader.GetInt64(column))
        : type == typeof(Word) ? new Word(reader.GetFieldValue<byte[]>(column))
        : type == typeof(Address) ? new Address(reader.GetFieldValue<byte[]>(column))
        : type == typeof(Bytes) ? new Bytes(reader.GetFieldValue<byte[]>(column))
        : type == typeof(UInt128) ? (UInt128)reader.GetFieldValue<BigInteger>(column)
        : type == typeof(Int128) ? (Int128)reader.GetFieldValue<BigInteger>(column)
        : type == typeof(UInt256) ? UInt256.From(reader.GetFieldValue<BigInteger>(column))
        : type == typeof(Int256) ? Int256.From(reader.GetFieldValue<BigInteger>(column))
        : type == typeof(Sequence<ulong>) ? new Sequence<ulong>(
            [.. reader.GetFieldValue<long[]>(column).Select(item => (ulong)item)])
        : type == typeof(Sequence<UInt256>) ? ReadWords(reader.GetFieldValue<byte[]>(column))
        : throw new NotSupportedException($"expected a type that a column may have, found {type}");

    private static Sequence<UInt256> ReadWords(ReadOnlySpan<byte> bytes)
    {
        var words = new UInt256[bytes.Length / WordBytes];
        for (var i = 0; i < words.Length; i++)
        {
            var word = bytes[(i * WordBytes)..];
            words[i] = new UInt256(
                BinaryPrimitives.ReadUInt128BigEndian(word),
                BinaryPrimitives.ReadUInt128BigEndian(word[(WordBytes / 2)..]));
        }

        return new Sequence<UInt256>(words);
    }

    private static void WriteNumeric(CopyBuffer row, UInt128 value, bool isNegative)
    {
        Span<short> groups = stackalloc short[MostGroups];
        var first = MostGroups;
        // Sixteen digits at once, because a division of 128 bits costs more than four of 64.
        while (value != 0)
        {
            var rest = value / TenTo16;
            var low = (ulong)(value - rest * TenTo16);
            for (var i = 0; i < 4 && (low != 0 || rest != 0); i++)
            {
                groups[--first] = (short)(low % 10_000);
                low /= 10_000;
            }

            value = rest;
        }

        row.Numeric(groups[first..], isNegative);
    }

    private static void WriteNumeric(CopyBuffer row, UInt128 high, UInt128 low, bool isNegative)
    {
        Span<ulong> limbs = [(ulong)(high >> 64), (ulong)high, (ulong)(low >> 64), (ulong)low];
        Span<short> groups = stackalloc short[MostGroups];
        var first = MostGroups;
        for (var top = 0; top < limbs.Length;)
        {
            var rest = Divide(limbs[top..]);
            while (top < limbs.Length && limbs[top] == 0) top++;
            for (var i = 0; i < 4 && (rest != 0 || top < limbs.Length); i++)
            {
                groups[--first] = (short)(rest % 10_000);
                rest /= 10_000;
            }
        }

        row.Numeric(groups[first..], isNegative);
    }

    // Divides a number, limb by limb from the left, by 10^16, and returns the remainder: sixteen digits.
    private static ulong Divide(Span<ulong> limbs)
    {
        ulong rest = 0;
        foreach (ref var limb in limbs)
        {
            var part = new UInt128(rest, limb);
            var quotient = part / TenTo16;
            limb = (ulong)quotient;
            rest = (ulong)(part - quotient * TenTo16);
        }

        return rest;
    }
}
