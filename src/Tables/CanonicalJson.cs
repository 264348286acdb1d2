// A state as canonical JSON (RFC 8785): the bytes under its hash. Names stand in the order of their UTF-16 units, text
// is escaped as little as the rule allows, and whole numbers of more than 32 bits stand as decimal text, so that no
// reader rounds them.
using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using EventSourced.Domain.Values;

namespace EventSourced.Tables;

/// <summary>Writes values of columns as canonical JSON.</summary>
public static class CanonicalJson
{
    /// <summary>Writes a boolean.</summary>
    public static void Write(ArrayBufferWriter<byte> json, bool value) => json.Write(value ? "true"u8 : "false"u8);

    /// <summary>Writes a number.</summary>
    public static void Write(ArrayBufferWriter<byte> json, byte value) => Number(json, value);

    /// <summary>Writes a number.</summary>
    public static void Write(ArrayBufferWriter<byte> json, ushort value) => Number(json, value);

    /// <summary>Writes a number.</summary>
    public static void Write(ArrayBufferWriter<byte> json, uint value) => Number(json, value);

    /// <summary>Writes decimal text.</summary>
    public static void Write(ArrayBufferWriter<byte> json, ulong value) => Quoted(json, value);

    /// <summary>Writes seconds as decimal text.</summary>
    public static void Write(ArrayBufferWriter<byte> json, Instant value) => Quoted(json, value.Seconds);

    /// <summary>Writes hexadecimal text.</summary>
    public static void Write(ArrayBufferWriter<byte> json, Word value) => Quoted(json, value);

    /// <summary>Writes hexadecimal text.</summary>
    public static void Write(ArrayBufferWriter<byte> json, Address value) => Quoted(json, value);

    /// <summary>Writes hexadecimal text.</summary>
    public static void Write(ArrayBufferWriter<byte> json, Bytes value) => Write(json, value.ToString());

    /// <summary>Writes decimal text.</summary>
    public static void Write(ArrayBufferWriter<byte> json, UInt128 value) => Quoted(json, value);

    /// <summary>Writes decimal text.</summary>
    public static void Write(ArrayBufferWriter<byte> json, Int128 value) => Quoted(json, value);

    /// <summary>Writes decimal text.</summary>
    public static void Write(ArrayBufferWriter<byte> json, UInt256 value)
    {
        if (value.High == 0) Quoted(json, value.Low);
        else Write(json, value.ToString());
    }

    /// <summary>Writes decimal text.</summary>
    public static void Write(ArrayBufferWriter<byte> json, Int256 value)
    {
        if (value.High == 0) Quoted(json, value.Low);
        else Write(json, value.ToString());
    }

    /// <summary>Writes an array.</summary>
    public static void Write(ArrayBufferWriter<byte> json, Sequence<ulong> value)
    {
        json.Write("["u8);
        for (var i = 0; i < value.Count; i++)
        {
            if (i > 0) json.Write(","u8);
            Write(json, value[i]);
        }

        json.Write("]"u8);
    }

    /// <summary>Writes an array.</summary>
    public static void Write(ArrayBufferWriter<byte> json, Sequence<UInt256> value)
    {
        json.Write("["u8);
        for (var i = 0; i < value.Count; i++)
        {
            if (i > 0) json.Write(","u8);
            Write(json, value[i]);
        }

        json.Write("]"u8);
    }

    /// <summary>Writes an array.</summary>
    public static void Write(ArrayBufferWriter<byte> json, Sequence<Address> value)
    {
        json.Write("["u8);
        for (var i = 0; i < value.Count; i++)
        {
            if (i > 0) json.Write(","u8);
            Write(json, value[i]);
        }

        json.Write("]"u8);
    }

    /// <summary>Writes an array.</summary>
    public static void Write(ArrayBufferWriter<byte> json, Sequence<Bytes> value)
    {
        json.Write("["u8);
        for (var i = 0; i < value.Count; i++)
        {
            if (i > 0) json.Write(","u8);
            Write(json, value[i]);
        }

        json.Write("]"u8);
    }

    /// <summary>Writes an array.</summary>
    public static void Write(ArrayBufferWriter<byte> json, Sequence<string> value)
    {
        json.Write("["u8);
        for (var i = 0; i < value.Count; i++)
        {
            if (i > 0) json.Write(","u8);
            Write(json, value[i]);
        }

        json.Write("]"u8);
    }

    /// <summary>Writes text.</summary>
    public static void Write(ArrayBufferWriter<byte> json, string value)
    {
        json.Write("\""u8);
        var plain = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (Escape(value[i]) is not { } escape) continue;
            Encoding.UTF8.GetBytes(value.AsSpan(plain, i - plain), json);
            Encoding.UTF8.GetBytes(escape, json);
            plain = i + 1;
        }

        Encoding.UTF8.GetBytes(value.AsSpan(plain), json);
        json.Write("\""u8);
    }

    private static string? Escape(char unit) => unit switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < ' ' => $"\\u{(int)unit:x4}",
        _ => null,
    };

    private static void Number(ArrayBufferWriter<byte> json, uint value)
    {
        var room = json.GetSpan(10);
        Utf8Formatter.TryFormat(value, room, out var length);
        json.Advance(length);
    }

    private static void Quoted<T>(ArrayBufferWriter<byte> json, T value)
        where T : IUtf8SpanFormattable
    {
        var room = json.GetSpan(80);
        room[0] = (byte)'"';
        value.TryFormat(room[1..], out var length, default, CultureInfo.InvariantCulture);
        room[length + 1] = (byte)'"';
        json.Advance(length + 2);
    }
}
