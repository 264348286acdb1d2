// Our types and values as Nethereum takes them. Enters: types and values of lib/Ethereum. Leaves: Nethereum's types,
// and objects for its encoders. Always holds: a value that its type cannot hold is refused with its path; Nethereum
// itself would write it cut, or in more words than it has.
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using Nethereum.ABI;
using Nethereum.ABI.Model;

namespace EventSourced.Chain.Encoding;

internal static class NethereumTypes
{
    private static readonly ConditionalWeakTable<AbiType, ABIType> Known = [];

    /// <summary>Nethereum's type; made once for each of ours.</summary>
    public static ABIType Of(AbiType type) => Known.GetValue(type, Make);

    /// <summary>A value as Nethereum's encoder of its type takes it.</summary>
    public static object ValueOf(AbiType type, AbiValue value, string path) => (type, value) switch
    {
        (AbiType.Unsigned t, AbiValue.Unsigned v) when v.Value.BitLength <= t.Bits => Number(v.Value),
        (AbiType.Signed t, AbiValue.Signed v) when v.Value.GetBitLength() < t.Bits => v.Value,
        (AbiType.FixedPoint { IsSigned: false } t, AbiValue.Unsigned v) when v.Value.BitLength <= t.Bits =>
            Number(v.Value),
        (AbiType.FixedPoint { IsSigned: true } t, AbiValue.Signed v) when v.Value.GetBitLength() < t.Bits => v.Value,
        (AbiType.Boolean, AbiValue.Boolean v) => v.Value,
        (AbiType.AddressType, AbiValue.Account v) => new BigInteger(v.Value.Bytes, isUnsigned: true, isBigEndian: true),
        (AbiType.FixedBytes t, AbiValue.Bytes v) when v.Value.Length == t.Length => v.Value.ToArray(),
        (AbiType.FunctionPointer, AbiValue.Bytes { Value.Length: 24 } v) => v.Value.ToArray(),
        (AbiType.Bytes, AbiValue.Bytes v) => v.Value.ToArray(),
        (AbiType.Text, AbiValue.Text v) => v.Value,
        (AbiType.DynamicArray t, AbiValue.Sequence v) => Items(v, _ => t.Element, path),
        (AbiType.FixedArray t, AbiValue.Sequence v) when v.Items.Count == t.Length => Items(v, _ => t.Element, path),
        (AbiType.Tuple t, AbiValue.Sequence v) when v.Items.Count == t.Fields.Count => Items(v, i => t.Fields[i], path),
        _ => throw new AbiException($"a value of {type}", $"{value.GetType().Name} {Shortened(value)}", $"value{path}"),
    };

    private static ABIType Make(AbiType type) => type switch
    {
        // The bytes of these are those of the plain type; Nethereum knows only the plain ones.
        AbiType.FixedPoint { IsSigned: true } => ABIType.CreateABIType("int256"),
        AbiType.FixedPoint => ABIType.CreateABIType("uint256"),
        AbiType.FunctionPointer => ABIType.CreateABIType("bytes24"),
        AbiType.Tuple tuple => Struct(tuple),
        AbiType.DynamicArray array => ArrayOf(array.Element, "[]"),
        AbiType.FixedArray array => ArrayOf(array.Element, Brackets(array)),
        _ => ABIType.CreateABIType(type.Name),
    };

    private static TupleType Struct(AbiType.Tuple tuple)
    {
        var made = new TupleType();
        made.SetComponents(Components(tuple));
        return made;
    }

    private static Parameter[] Components(AbiType.Tuple tuple) =>
        [.. tuple.Fields.Select((field, i) =>
        {
            var parameter = new Parameter(NameOf(field), i + 1);
            if (Innermost(field) is AbiType.Tuple inner) SetComponents(parameter.ABIType, Components(inner));
            return parameter;
        })];

    private static ABIType ArrayOf(AbiType element, string brackets)
    {
        var made = ABIType.CreateABIType(NameOf(element) + brackets);
        if (Innermost(element) is AbiType.Tuple inner) SetComponents(made, Components(inner));
        return made;
    }

    private static void SetComponents(ABIType type, Parameter[] components)
    {
        while (type is ArrayType array) type = array.ElementType;
        ((TupleType)type).SetComponents(components);
    }

    private static AbiType Innermost(AbiType type) => type switch
    {
        AbiType.DynamicArray array => Innermost(array.Element),
        AbiType.FixedArray array => Innermost(array.Element),
        _ => type,
    };

    private static string NameOf(AbiType type) => type switch
    {
        AbiType.Tuple => "tuple",
        AbiType.DynamicArray array => NameOf(array.Element) + "[]",
        AbiType.FixedArray array => NameOf(array.Element) + Brackets(array),
        AbiType.FixedPoint { IsSigned: true } => "int256",
        AbiType.FixedPoint => "uint256",
        AbiType.FunctionPointer => "bytes24",
        _ => type.Name,
    };

    private static string Brackets(AbiType.FixedArray array) =>
        string.Create(CultureInfo.InvariantCulture, $"[{array.Length}]");

    private static object[] Items(AbiValue.Sequence value, Func<int, AbiType> type, string path)
    {
        var items = new object[value.Items.Count];
        for (var i = 0; i < items.Length; i++) items[i] = ValueOf(type(i), value.Items[i], $"{path}[{i}]");
        return items;
    }

    private static BigInteger Number(UInt256 value) => new(value.ToBigEndian(), isUnsigned: true, isBigEndian: true);

    private static string Shortened(AbiValue value) =>
        value.ToString() is { Length: > 80 } text ? text[..80] : $"{value}";
}
