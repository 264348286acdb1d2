// Records filled at random, with what stands at the edges of their types more often than chance would have it.
using System.Reflection;
using System.Text;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Tests;

internal static class RandomEvents
{
    private const int MostItems = 4;
    private const int ManyItems = 300;
    private const int LongText = 3_000;

    private static readonly string[] Texts =
    [
        "", "plain", "\"word\" \\ /", "\b\f\n\r\t", "\u0001\u001f\u007f\u0080", "<script>&'+`",
        "é ü 中 \u2028\u2029 \ufffd", "🜁 and 😀", "\\", "\"", "\\u0041", "null",
    ];

    /// <summary>A value of a type; its properties are filled likewise.</summary>
    public static object Of(Random random, Type type) => type switch
    {
        _ when type == typeof(bool) => random.Next(2) == 0,
        _ when type == typeof(string) => Text(random),
        _ when type == typeof(byte) => (byte)Bits(random, 8),
        _ when type == typeof(ushort) => (ushort)Bits(random, 16),
        _ when type == typeof(uint) => (uint)Bits(random, 32),
        _ when type == typeof(ulong) => (ulong)Bits(random, 64),
        _ when type == typeof(Instant) => new Instant((ulong)random.NextInt64()),
        _ when type == typeof(Word) => new Word(Content(random, Word.Length)),
        _ when type == typeof(Address) => new Address(Content(random, Address.Length)),
        _ when type == typeof(UInt256) => new UInt256(random.Next(2) == 0 ? 0 : Bits(random, 128), Bits(random, 128)),
        _ when type == typeof(Int256) => Signed(random),
        _ when type == typeof(UInt128) => Bits(random, 128),
        _ when type == typeof(Int128) => (Int128)Bits(random, 128),
        _ when type.IsEnum => Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length))!,
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Sequence<>) => Items(random, type),
        _ when type.GetConstructor([typeof(byte[])]) is { } ofBytes =>
            ofBytes.Invoke([Content(random, Length(random))]),
        _ => Made(random, type),
    };

    private static object Made(Random random, Type type)
    {
        var constructor = type.GetConstructors().MaxBy(one => one.GetParameters().Length)!;
        return constructor.Invoke(
            [.. constructor.GetParameters().Select(parameter => Of(random, parameter.ParameterType))]);
    }

    private static object Items(Random random, Type sequence)
    {
        var items = Array.CreateInstance(sequence.GetGenericArguments()[0], Length(random));
        for (var i = 0; i < items.Length; i++) items.SetValue(Of(random, sequence.GetGenericArguments()[0]), i);
        return Activator.CreateInstance(sequence, BindingFlags.Instance | BindingFlags.Public, null, [items], null)!;
    }

    private static int Length(Random random) => random.Next(10) == 0 ? ManyItems : random.Next(MostItems);

    // None, one, all of them, the highest alone, all but it; or any number of so many bits.
    private static UInt128 Bits(Random random, int width) => random.Next(7) switch
    {
        0 => 0,
        1 => 1,
        2 => UInt128.MaxValue >> (128 - width),
        3 => UInt128.One << (width - 1),
        4 => (UInt128.MaxValue >> (128 - width)) >> 1,
        _ => new UInt128((ulong)random.NextInt64(long.MinValue, long.MaxValue),
            (ulong)random.NextInt64(long.MinValue, long.MaxValue))
            >> (128 - random.Next(1, width + 1)),
    };

    private static Int256 Signed(Random random) => random.Next(3) switch
    {
        0 => new Int256(0, Bits(random, 128)),
        1 => new Int256(-1, Bits(random, 128)),
        _ => new Int256((Int128)Bits(random, 128), Bits(random, 128)),
    };

    private static string Text(Random random)
    {
        if (random.Next(3) > 0) return Texts[random.Next(Texts.Length)];
        var text = new StringBuilder();
        var length = random.Next(4) == 0 ? LongText : random.Next(60);
        while (text.Length < length) text.Append(Texts[random.Next(Texts.Length)]).Append((char)random.Next(' ', '~'));
        return text.ToString();
    }

    private static byte[] Content(Random random, int length)
    {
        var bytes = new byte[length];
        if (random.Next(8) > 0) random.NextBytes(bytes);
        return bytes;
    }
}
