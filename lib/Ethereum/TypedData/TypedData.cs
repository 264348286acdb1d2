// Typed structured data (EIP-712). Enters: struct types, a domain and a message, or the JSON of eth_signTypedData_v4.
// Leaves: the hash that is signed. Always holds: only types that the message reaches enter its type text, sorted by
// name.
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using EventSourced.Ethereum.Abi;

namespace EventSourced.Ethereum.TypedData;

/// <summary>A field of a struct: its name and the name of its type.</summary>
public sealed record TypedField(string Name, string Type);

/// <summary>The struct types of a message, by name.</summary>
public sealed class TypedSchema
{
    /// <summary>How deep values may nest.</summary>
    public const int MaxDepth = 64;

    private readonly Dictionary<string, IReadOnlyList<TypedField>> _structs;
    private readonly ConcurrentDictionary<string, Hash32> _typeHashes = new();

    /// <summary>
    /// Takes the struct types; every field's type must be elementary, a struct of these, or an array of such.
    /// </summary>
    public TypedSchema(IReadOnlyDictionary<string, IReadOnlyList<TypedField>> structs)
    {
        ArgumentNullException.ThrowIfNull(structs);
        _structs = new Dictionary<string, IReadOnlyList<TypedField>>(structs);
        foreach (var (name, fields) in _structs)
        {
            foreach (var member in fields)
            {
                var element = ElementName(member.Type);
                if (!_structs.ContainsKey(element) && AbiTypeParser.Elementary(element) is null)
                    throw new FormatException(
                        $"expected a type that the schema knows, found '{member.Type}', at {name}.{member.Name}");
            }
        }
    }

    /// <summary>The fields of a struct.</summary>
    public IReadOnlyList<TypedField> Fields(string name) => _structs.TryGetValue(name, out var fields)
        ? fields
        : throw new FormatException($"expected a struct of the schema ({Names}), found '{name}'");

    private string Names => string.Join(", ", _structs.Keys.Order(StringComparer.Ordinal));

    /// <summary>Whether there is a struct of this name.</summary>
    public bool Has(string name) => _structs.ContainsKey(name);

    /// <summary>encodeType: the struct's text, then those it refers to, sorted by name.</summary>
    public string EncodeType(string name)
    {
        var reached = new SortedSet<string>(StringComparer.Ordinal);
        Reach(name, reached);
        reached.Remove(name);
        var text = new StringBuilder();
        foreach (var part in reached.Prepend(name))
            text.Append(part).Append('(').AppendJoin(
                ',', Fields(part).Select(member => $"{member.Type} {member.Name}")).Append(')');
        return text.ToString();
    }

    /// <summary>typeHash: the hash of the struct's text.</summary>
    public Hash32 TypeHash(string name) =>
        _typeHashes.GetOrAdd(name, static (type, schema) => Keccak256.Hash(schema.EncodeType(type)), this);

    /// <summary>hashStruct: the hash of a struct's type hash and its encoded fields.</summary>
    public Hash32 HashStruct(string name, AbiValue value) => HashStruct(name, value, name, 0);

    /// <summary>The name of a type without its array brackets.</summary>
    internal static string ElementName(string type) => type.IndexOf('[') is var at and >= 0 ? type[..at] : type;

    private Hash32 HashStruct(string name, AbiValue value, string path, int depth)
    {
        if (depth > MaxDepth) throw new AbiException($"values at most {MaxDepth} deep", "one more", path);
        var fields = Fields(name);
        var items = Items(value, path);
        if (items.Count != fields.Count)
            throw new AbiException($"{fields.Count} fields of {name}", $"{items.Count}", path);
        var encoded = new byte[32 * (fields.Count + 1)];
        TypeHash(name).Bytes.CopyTo(encoded);
        for (var i = 0; i < fields.Count; i++)
            EncodeField(fields[i].Type, items[i], $"{path}.{fields[i].Name}",
                depth).Bytes.CopyTo(encoded.AsSpan(32 * (i + 1)));
        return Keccak256.Hash(encoded);
    }

    private Hash32 EncodeField(string type, AbiValue value, string path, int depth)
    {
        if (depth > MaxDepth) throw new AbiException($"values at most {MaxDepth} deep", "one more", path);
        if (type.EndsWith(']'))
        {
            var open = type.LastIndexOf('[');
            var items = Items(value, path);
            if (
                open + 1 < type.Length - 1 &&
                    type[(open + 1)..^1] != items.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))
                throw new AbiException($"as many elements as {type} says", $"{items.Count}", path);
            var encoded = new byte[32 * items.Count];
            for (var i = 0; i < items.Count; i++)
                EncodeField(type[..open], items[i], $"{path}[{i}]", depth + 1).Bytes.CopyTo(encoded.AsSpan(32 * i));
            return Keccak256.Hash(encoded);
        }

        if (_structs.ContainsKey(type))
        {
            // A recursive struct may be absent: it counts as 32 zero bytes, as wallets agree.
            return value is AbiValue.Sequence { Items.Count: 0 } && Fields(type).Count > 0
                ? default
                : HashStruct(type, value, path, depth + 1);
        }

        return value switch
        {
            AbiValue.Text text when type == "string" => Keccak256.Hash(text.Value),
            AbiValue.Bytes bytes when type == "bytes" => Keccak256.Hash(bytes.Value.Span),
            _ => Word(type, value, path),
        };
    }

    private static Hash32 Word(string type, AbiValue value, string path)
    {
        var parsed = AbiTypeParser.Elementary(type)!;
        if (parsed.IsDynamic) throw new AbiException($"a value of {type}", $"one of kind {value.GetType().Name}", path);
        try
        {
            return new Hash32(AbiEncoder.Encode(parsed, value));
        }
        catch (AbiException fault)
        {
            throw new AbiException(fault.Expected, fault.Found, path);
        }
    }

    private static IReadOnlyList<AbiValue> Items(AbiValue value, string path) => value is AbiValue.Sequence sequence
        ? sequence.Items
        : throw new AbiException("an array or a struct", $"a value of kind {value.GetType().Name}", path);

    private void Reach(string name, SortedSet<string> reached)
    {
        if (!reached.Add(name)) return;
        foreach (var member in Fields(name))
        {
            var element = ElementName(member.Type);
            if (_structs.ContainsKey(element)) Reach(element, reached);
        }
    }
}

/// <summary>
/// Who a message is for: the contract, the chain and the application (EIP-712). Absent fields stay absent.
/// </summary>
public sealed record TypedDomain(
    string? Name = null, string? Version = null, UInt256? ChainId = null, Address? VerifyingContract = null,
        Hash32? Salt = null)
{
    /// <summary>The domain's hash, which enters every message's hash.</summary>
    public Hash32 Separator
    {
        get
        {
            var fields = new List<TypedField>();
            var values = new List<AbiValue>();
            Add("name", "string", Name is null ? null : (AbiValue)Name);
            Add("version", "string", Version is null ? null : (AbiValue)Version);
            Add("chainId", "uint256", ChainId is { } chain ? (AbiValue)chain : null);
            Add("verifyingContract", "address", VerifyingContract is { } contract ? (AbiValue)contract : null);
            Add("salt", "bytes32", Salt is { } salt ? (AbiValue)salt : null);
            var schema = new TypedSchema(
                new Dictionary<string, IReadOnlyList<TypedField>> { ["EIP712Domain"] = fields });
            return schema.HashStruct("EIP712Domain", AbiValue.Of(values));

            void Add(string name, string type, AbiValue? value)
            {
                if (value is null) return;
                fields.Add(new TypedField(name, type));
                values.Add(value);
            }
        }
    }

    /// <summary>The hash that is signed for a message of a struct type.</summary>
    public Hash32 SigningHash(TypedSchema schema, string primaryType, AbiValue message)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return SigningHash(Separator, schema.HashStruct(primaryType, message));
    }

    internal static Hash32 SigningHash(Hash32 separator, Hash32? message) => message is { } hash
        ? Keccak256.Hash([0x19, 0x01, .. separator.Bytes, .. hash.Bytes])
        : Keccak256.Hash([0x19, 0x01, .. separator.Bytes]);
}

/// <summary>The JSON of eth_signTypedData_v4.</summary>
public static class TypedDataJson
{
    /// <summary>The hash that is signed.</summary>
    public static Hash32 SigningHash(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = TypedSchema.MaxDepth });
        var root = document.RootElement;
        var structs = new Dictionary<string, IReadOnlyList<TypedField>>();
        foreach (var type in Property(root, "types").EnumerateObject())
            structs[type.Name] = [.. type.Value.EnumerateArray().Select(
                member => new TypedField(Text(member, "name"), Text(member, "type")))];
        var domain = Property(root, "domain");
        if (!structs.ContainsKey("EIP712Domain")) structs["EIP712Domain"] = DomainFields(domain);
        var schema = new TypedSchema(structs);
        var primary = Text(root, "primaryType");
        var separator = schema.HashStruct("EIP712Domain", Read(schema, "EIP712Domain", domain, "domain"));
        // A message whose primary type is the domain itself is signed without a struct, as the specification's encoding
        // says.
        return TypedDomain.SigningHash(
            separator, primary == "EIP712Domain"
                ? null
                : schema.HashStruct(primary, Read(schema, primary, Property(root, "message"), "message")));
    }

    private static TypedField[] DomainFields(JsonElement domain) =>
    [
        .. new TypedField[]
        {
            new("name", "string"), new("version", "string"), new("chainId", "uint256"), new(
                "verifyingContract", "address"), new("salt", "bytes32"),
        }.Where(member => domain.TryGetProperty(member.Name, out _)),
    ];

    private static AbiValue Read(TypedSchema schema, string type, JsonElement json, string path)
    {
        if (type.EndsWith(']'))
        {
            if (json.ValueKind != JsonValueKind.Array) throw new AbiException("an array", $"{json.ValueKind}", path);
            var element = type[..type.LastIndexOf('[')];
            return AbiValue.Of(
                [.. json.EnumerateArray().Select((item, index) => Read(schema, element, item, $"{path}[{index}]"))]);
        }

        if (!schema.Has(type)) return AbiJsonValue.Read(AbiType.Parse(type), json, path);
        if (json.ValueKind == JsonValueKind.Null) return AbiValue.Of();
        if (json.ValueKind != JsonValueKind.Object)
            throw new AbiException($"an object of {type}", $"{json.ValueKind}", path);
        return AbiValue.Of([.. schema.Fields(type).Select(member => Member(schema, member, json, path))]);
    }

    private static AbiValue Member(TypedSchema schema, TypedField member, JsonElement json, string path)
    {
        var where = $"{path}.{member.Name}";
        if (json.TryGetProperty(member.Name, out var value)) return Read(schema, member.Type, value, where);
        return schema.Has(member.Type)
            ? AbiValue.Of()
            : throw new AbiException($"a value of {member.Type}", "none", where);
    }

    private static JsonElement Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value
            : throw new FormatException($"expected the field '{name}' in typed data, found none");

    private static string Text(JsonElement element, string name) => Property(element, name).GetString()
        ?? throw new FormatException($"expected a text in '{name}' of typed data, found null");
}
