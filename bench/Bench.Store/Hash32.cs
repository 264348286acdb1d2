// A 32-byte hash without an object of its own, as the chain's events carry it.
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourced.Bench.Store;

[JsonConverter(typeof(Hash32Converter))]
internal readonly record struct Hash32(ulong A, ulong B, ulong C, ulong D)
{
    internal const int HexLength = 66;

    internal static Hash32 Random(Random random)
    {
        Span<byte> bytes = stackalloc byte[32];
        random.NextBytes(bytes);
        return MemoryMarshal.Read<Hash32>(bytes);
    }

    internal static Hash32 Parse(ReadOnlySpan<byte> hex)
    {
        Unsafe.SkipInit(out Hash32 hash);
        Convert.FromHexString(hex[2..], MemoryMarshal.AsBytes(new Span<Hash32>(ref hash)), out _, out _);
        return hash;
    }

    internal void Write(Span<byte> hex)
    {
        hex[0] = (byte)'0';
        hex[1] = (byte)'x';
        var copy = this;
        Convert.TryToHexStringLower(MemoryMarshal.AsBytes(new Span<Hash32>(ref copy)), hex[2..], out _);
    }
}

internal sealed class Hash32Converter : JsonConverter<Hash32>
{
    public override Hash32 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Hash32.Parse(reader.ValueSpan);

    public override void Write(Utf8JsonWriter writer, Hash32 value, JsonSerializerOptions options)
    {
        Span<byte> hex = stackalloc byte[Hash32.HexLength];
        value.Write(hex);
        writer.WriteStringValue(hex);
    }
}
