// A log in one line that does not depend on who decoded it: where it stands, what it is, every field. Numbers are
// decimal, bytes and addresses hex, lists and structs in brackets.
using System.Collections;
using System.Globalization;
using System.Numerics;
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;
using EventSourced.Ethereum.Abi;
using Nethereum.ABI.FunctionEncoding;

namespace EventSourced.Chain.Tests;

internal static class Telling
{
    public static string Line(
        ulong block, ulong index, ContractName contract, string name, IEnumerable<string> fields) =>
        string.Create(CultureInfo.InvariantCulture, $"{block}.{index} {contract}.{name}({string.Join(", ", fields)})");

    /// <summary>A value as Nethereum decoded it.</summary>
    public static string OfNethereum(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        string text when text.Length == 42 && text.StartsWith("0x", StringComparison.Ordinal) =>
            text.ToLowerInvariant(),
        string text => text,
        byte[] bytes => "0x" + Convert.ToHexStringLower(bytes),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        List<ParameterOutput> fields =>
            Items(fields.OrderBy(field => field.Parameter.Order).Select(field => OfNethereum(field.Result))),
        IEnumerable items => Items(items.Cast<object>().Select(OfNethereum)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"expected a value of the ABI, found {value.GetType()}"),
    };

    /// <summary>A value of a record of ours; the ABI says whether a word is a number.</summary>
    public static string OfOurs(AbiType type, bool isTopicHash, object value) => (type, value) switch
    {
        (_, bool truth) => truth ? "true" : "false",
        (AbiType.Unsigned, Word word) when !isTopicHash => Number(word),
        (_, Word or Address or Bytes) => value.ToString()!.ToLowerInvariant(),
        (_, string text) => text,
        (AbiType.Tuple tuple, _) =>
            Items(tuple.Fields.Zip(Values(value), (field, inner) => OfOurs(field, false, inner))),
        (AbiType.DynamicArray array, IEnumerable items) =>
            Items(items.Cast<object>().Select(item => OfOurs(array.Element, false, item))),
        (AbiType.FixedArray array, _) => Items(Values(value).Select(item => OfOurs(array.Element, false, item))),
        (_, IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary>The values of a record in the order of its constructor.</summary>
    public static IEnumerable<object> Values(object record)
    {
        var type = record.GetType();
        var made = type.GetConstructors().Single(
            one => one.GetParameters() is not [{ ParameterType: var only }] || only != type);
        return made.GetParameters().Select(parameter => type.GetProperty(parameter.Name!)!.GetValue(record)!);
    }

    private static string Items(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    private static string Number(Word word)
    {
        Span<byte> bytes = stackalloc byte[32];
        word.WriteTo(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture);
    }
}
