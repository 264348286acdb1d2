// Named arguments of JSON as values of the contract's types. Enters: an object of JSON, the parameters of a function.
// Leaves: values in the function's order, or the problem with its place. Always holds: every parameter once and nothing
// else; numbers are decimal texts or whole numbers that JSON keeps exactly; what the type cannot hold is refused, never
// cut.
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Api.Commands.Limits;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.Api.Commands.Checks;

/// <summary>Reads arguments.</summary>
internal static class ArgumentReader
{
    private const ulong MostExact = 1UL << 53;
    private const int MostDigits = 80;

    /// <summary>Reads the members of an object.</summary>
    public static bool TryRead(
        JsonElement json, IReadOnlyList<AbiParameter> parameters, string where, out AbiValue[] values,
        out Problem? problem)
    {
        values = new AbiValue[parameters.Count];
        problem = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            problem = Problem.Malformed(where, "an object", $"{json.ValueKind}", "WrongArgument");
            return false;
        }

        for (var i = 0; i < values.Length; i++)
        {
            var name = CommandEntry.NameOf(parameters[i], i);
            if (!json.TryGetProperty(name, out var member))
            {
                problem = Problem.Malformed(
                    $"{where}.{name}", $"{parameters[i].Type.Name}", "nothing", "MissingArgument");
                return false;
            }

            if (!TryRead(member, parameters[i].Type, parameters[i].Fields ?? [], $"{where}.{name}", out values[i],
                out problem)) return false;
        }

        foreach (var member in json.EnumerateObject())
        {
            if (parameters.Where(
                (parameter, i) => member.NameEquals(CommandEntry.NameOf(parameter, i))).Any()) continue;
            var known = string.Join(", ", parameters.Select(CommandEntry.NameOf));
            problem = Problem.Malformed(
                where, known.Length == 0 ? "no members" : known, Problem.Shown(member.Name), "UnknownArgument");
            return false;
        }

        return true;
    }

    private static bool TryRead(
        JsonElement json, AbiType type, IReadOnlyList<AbiParameter> fields, string where, out AbiValue value,
        out Problem? problem)
    {
        problem = null;
        value = false;
        var read = type switch
        {
            AbiType.Unsigned t => Unsigned(json, t.Bits),
            AbiType.Signed t => Signed(json, t.Bits),
            AbiType.Boolean =>
                json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : (AbiValue?)null,
            AbiType.AddressType =>
                json.ValueKind == JsonValueKind.String && Address.TryParse(json.GetString(), null, out var address)
                    ? address : null,
            AbiType.FixedBytes t => Bytes(json) is { } bytes && bytes.Length == t.Length ? bytes : (AbiValue?)null,
            AbiType.Bytes => Bytes(json) is { } bytes ? bytes : (AbiValue?)null,
            AbiType.Text => json.ValueKind == JsonValueKind.String ? json.GetString()! : (AbiValue?)null,
            AbiType.Tuple => TryRead(json, fields, where, out var members, out problem) ? AbiValue.Of(members) : null,
            AbiType.DynamicArray t => Items(json, t.Element, null, fields, where, out problem),
            AbiType.FixedArray t => Items(json, t.Element, t.Length, fields, where, out problem),
            _ => null,
        };
        if (read is not null)
        {
            value = read;
            return true;
        }

        problem ??= Problem.Malformed(where, Words(type), Found(json), "WrongArgument");
        return false;
    }

    private static AbiValue.Sequence? Items(
        JsonElement json, AbiType element, int? length, IReadOnlyList<AbiParameter> fields, string where,
        out Problem? problem)
    {
        problem = null;
        if (json.ValueKind != JsonValueKind.Array) return null;
        var count = json.GetArrayLength();
        if (count > LimitTable.Items.Most || (length is { } exact && count != exact))
        {
            problem = Problem.Malformed(
                where, length is { } wanted ? $"{wanted} items" : $"at most {LimitTable.Items.Most} items", $"{count}",
                "TooManyItems");
            return null;
        }

        var items = new AbiValue[count];
        for (var i = 0; i < count; i++)
            if (!TryRead(json[i], element, fields, $"{where}[{i.ToString(CultureInfo.InvariantCulture)}]", out items[i],
                out problem)) return null;
        return new AbiValue.Sequence(items);
    }

    private static AbiValue? Unsigned(JsonElement json, int bits)
    {
        if (json.ValueKind == JsonValueKind.Number)
            return json.TryGetUInt64(out var number) && number <= MostExact && (bits >= 64 || number >> bits == 0)
                ? number : null;
        if (json.ValueKind != JsonValueKind.String
            || json.GetString() is not { Length: > 0 and <= MostDigits } text) return null;
        // Digits alone: hexadecimal, signs and spaces mean something else to somebody else.
        return text.All(char.IsAsciiDigit) && (text.Length == 1 || text[0] != '0')
            && UInt256.TryParse(text, null, out var value)
            && value.BitLength <= bits ? value : null;
    }

    private static AbiValue? Signed(JsonElement json, int bits)
    {
        var text = json.ValueKind switch
        {
            JsonValueKind.Number when json.TryGetInt64(out var number) && Int128.Abs(number) <= MostExact =>
                number.ToString(CultureInfo.InvariantCulture),
            JsonValueKind.String => json.GetString()!,
            _ => "",
        };
        var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        if (digits.Length is 0 or > MostDigits || digits.ContainsAnyExceptInRange('0', '9')
            || (digits.Length > 1 && digits[0] == '0')) return null;
        var value = BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return value.GetBitLength() < bits ? value : null;
    }

    private static byte[]? Bytes(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && json.GetString() is { } text
            && text.StartsWith("0x", StringComparison.Ordinal)
        && Hex.TryToBytes(text, out var bytes) ? bytes : null;

    private static string Words(AbiType type) => type switch
    {
        AbiType.Unsigned t => $"a whole number of at most {t.Bits} bits, as decimal text",
        AbiType.Signed t => $"a whole number of at most {t.Bits} bits with its sign, as decimal text",
        AbiType.Boolean => "true or false",
        AbiType.AddressType => "an address: 0x and 40 digits, a checksum only where it is right",
        AbiType.FixedBytes t => $"{t.Length} bytes: 0x and {2 * t.Length} digits",
        AbiType.Bytes => "bytes: 0x and two digits each",
        AbiType.Text => "a text",
        AbiType.DynamicArray or AbiType.FixedArray => "a list",
        _ => $"a value of {type.Name}",
    };

    private static string Found(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => Problem.Shown(json.GetString()!),
        JsonValueKind.Number => Problem.Shown(json.GetRawText()),
        var kind => $"{kind}",
    };
}
