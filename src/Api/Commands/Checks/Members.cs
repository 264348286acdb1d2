// The members of a request's own objects: modes, addresses, numbers, bytes. Enters: JSON. Leaves: values, or the
// problem with its place. Always holds: a member that the object does not have by its declaration is refused, so a
// misspelt one is never silently ignored.
using System.Text.Json;
using EventSourced.Ethereum;

namespace EventSourced.Api.Commands.Checks;

/// <summary>Reads the members of one object; the first problem stays.</summary>
internal sealed class Members
{
    private readonly JsonElement _json;
    private readonly string _where;

    public Members(JsonElement json, string where, params ReadOnlySpan<string> known)
    {
        (_json, _where) = (json, where);
        if (json.ValueKind != JsonValueKind.Object)
        {
            Problem = Problem.Malformed(where, "an object", $"{json.ValueKind}");
            return;
        }

        foreach (var member in json.EnumerateObject())
        {
            var isKnown = false;
            foreach (var name in known) isKnown |= member.NameEquals(name);
            if (!isKnown) Fail("", string.Join(", ", known.ToArray()), Problem.Shown(member.Name), "UnknownMember");
        }
    }

    /// <summary>The first thing that was wrong.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>Whether a member is there and not null.</summary>
    public bool Has(string name) =>
        Problem is null && _json.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null;

    /// <summary>A member as JSON.</summary>
    public JsonElement Json(string name)
    {
        if (Problem is null && _json.TryGetProperty(name, out var member)) return member;
        Fail(name, "a value", "nothing");
        return default;
    }

    /// <summary>A text, one of some where they are given.</summary>
    public string Text(string name, params ReadOnlySpan<string> of)
    {
        var text = Json(name) is { ValueKind: JsonValueKind.String } json ? json.GetString()! : "";
        if (of.Length > 0 ? !of.Contains(text) : text.Length == 0)
            Fail(name, of.Length > 0 ? string.Join(" or ", of.ToArray()) : "a text", Problem.Shown(text));
        return text;
    }

    /// <summary>An address.</summary>
    public Address Address(string name)
    {
        var text = Text(name);
        if (Ethereum.Address.TryParse(text, null, out var address)) return address;
        Fail(name, "an address: 0x and 40 digits, a checksum only where it is right", Problem.Shown(text));
        return default;
    }

    /// <summary>A number of 64 bits: decimal text, or a number of JSON.</summary>
    public ulong Number(string name)
    {
        var json = Json(name);
        if (json.ValueKind == JsonValueKind.Number && json.TryGetUInt64(out var number)) return number;
        if (json.ValueKind == JsonValueKind.String && json.GetString() is { Length: > 0 and <= 20 } text
            && text.All(char.IsAsciiDigit) && ulong.TryParse(text, out number)) return number;
        if (Problem is null) Fail(name, "a whole number of at most 64 bits, as decimal text", $"{json.ValueKind}");
        return 0;
    }

    /// <summary>Bytes.</summary>
    public byte[] Bytes(string name)
    {
        var text = Text(name);
        if (text.StartsWith("0x", StringComparison.Ordinal) && Hex.TryToBytes(text, out var bytes)) return bytes;
        Fail(name, "bytes: 0x and two digits each", Problem.Shown(text));
        return [];
    }

    private void Fail(string name, string expected, string found, string code = "WrongBody") =>
        Problem ??= Problem.Malformed(
            string.Join('.', new[] { _where, name }.Where(part => part.Length > 0)), expected, found, code);
}
