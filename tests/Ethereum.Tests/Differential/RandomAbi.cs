// Random types of the contract ABI, random values of them, and both as the JSON that viem understands.
using System.Numerics;
using System.Text.Json.Nodes;
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum.Abi;

namespace EventSourced.Ethereum.Tests.Differential;

internal static class RandomAbi
{
    public static AbiType Type(Random random, int depth = 0) => random.Next(depth >= 3 ? 8 : 11) switch
    {
        0 => new AbiType.Unsigned(8 * random.Next(1, 33)),
        1 => new AbiType.Signed(8 * random.Next(1, 33)),
        2 => new AbiType.Boolean(),
        3 => new AbiType.AddressType(),
        4 => new AbiType.FixedBytes(random.Next(1, 33)),
        5 => new AbiType.Bytes(),
        6 => new AbiType.Text(),
        7 => new AbiType.Unsigned(256),
        8 => new AbiType.DynamicArray(Type(random, depth + 1)),
        9 => new AbiType.FixedArray(Type(random, depth + 1), random.Next(1, 4)),
        _ => new AbiType.Tuple([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Type(random, depth + 1))]),
    };

    public static AbiValue Value(Random random, AbiType type) => type switch
    {
        AbiType.Unsigned t => Number(random, t.Bits),
        AbiType.Signed t => Signed(random, t.Bits),
        AbiType.Boolean => random.Next(2) == 1,
        AbiType.AddressType => new Address(Bytes(random, 20)),
        AbiType.FixedBytes t => Bytes(random, t.Length),
        AbiType.FunctionPointer => Bytes(random, 24),
        AbiType.Bytes => Bytes(random, random.Next(100)),
        AbiType.Text => Text(random),
        AbiType.DynamicArray t =>
            AbiValue.Of([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, t.Element))]),
        AbiType.FixedArray t => AbiValue.Of([.. Enumerable.Range(0, t.Length).Select(_ => Value(random, t.Element))]),
        AbiType.Tuple t => AbiValue.Of([.. t.Fields.Select(field => Value(random, field))]),
        _ => throw new ArgumentException($"no random value of {type}"),
    };

    public static UInt256 Number(Random random, int bits)
    {
        // Edges are likelier than chance would have them: nearly every width and the extremes come up.
        if (random.Next(10) == 0) return random.Next(2) == 0 ? UInt256.Zero : UInt256.MaxValue >> (256 - bits);
        var number = UInt256.FromBigEndian(Bytes(random, 32));
        return number >> (256 - random.Next(1, bits + 1));
    }

    public static BigInteger Signed(Random random, int bits)
    {
        var magnitude = Number(random, bits - 1).ToBigInteger();
        return random.Next(2) == 0 ? magnitude : -magnitude - BigInteger.One;
    }

    public static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    public static string Text(Random random)
    {
        string[] letters = ["a", "Z", "0", " ", "ä", "ß", "中", "🙂", "\u0001", "\"", "\\", "\n"];
        return string.Concat(Enumerable.Range(0, random.Next(50)).Select(_ => letters[random.Next(letters.Length)]));
    }

    /// <summary>The type as viem's parameter: {type, components}.</summary>
    public static JsonObject Parameter(AbiType type)
    {
        var suffix = "";
        while (true)
        {
            switch (type)
            {
                case AbiType.DynamicArray array:
                    suffix = "[]" + suffix;
                    type = array.Element;
                    continue;
                case AbiType.FixedArray array:
                    suffix = $"[{array.Length}]" + suffix;
                    type = array.Element;
                    continue;
                case AbiType.Tuple tuple:
                    return new JsonObject
                    {
                        ["type"] = "tuple" + suffix,
                        ["components"] = new JsonArray([.. tuple.Fields.Select(Parameter)]),
                    };
                default:
                    return new JsonObject { ["type"] = type.Name + suffix };
            }
        }
    }

    /// <summary>The value as JSON: numbers as strings.</summary>
    public static JsonNode Json(AbiValue value) => value switch
    {
        AbiValue.Boolean boolean => JsonValue.Create(boolean.Value),
        AbiValue.Text text => JsonValue.Create(text.Value),
        AbiValue.Sequence sequence => new JsonArray([.. sequence.Items.Select(Json)]),
        _ => JsonValue.Create(value.ToString()!),
    };
}
