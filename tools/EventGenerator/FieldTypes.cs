// Which C# type carries which field. Enters: a field of the catalog. Leaves: its type and the reader's call that
// decodes it. A decoder never truncates: a value that its type cannot hold is reported as malformed.
namespace EventSourced.EventGenerator;

/// <summary>The C# side of a field.</summary>
public sealed record FieldType(string CSharp, string Read);

/// <summary>Chooses the C# type of a field.</summary>
public static class FieldTypes
{
    /// <summary>The type of a field of an event.</summary>
    public static FieldType Of(CatalogEvent owner, Field field)
    {
        if (field.Indexed && (field.Type is "string" or "bytes" || field.Type.EndsWith(']')))
            return new FieldType("Word", "Word");
        if (field.Type.EndsWith("[]", StringComparison.Ordinal))
        {
            var item = Of(owner, field with { Type = field.Type[..^2], Indexed = false });
            return new FieldType($"Sequence<{item.CSharp}>", $"{item.Read}Sequence");
        }

        return field.Type switch
        {
            "uint8" => new("byte", "UInt8"),
            "uint16" => new("ushort", "UInt16"),
            "uint32" => new("uint", "UInt32"),
            "uint48" or "uint64" => new("ulong", "UInt64"),
            "uint128" => new("UInt128", "UInt128"),
            "int128" => new("Int128", "Int128"),
            "int256" => new("Int256", "Int256"),
            "bool" => new("bool", "Bool"),
            "address" => new("Address", "Address"),
            "bytes32" => new("Word", "Word"),
            "string" => new("string", "Text"),
            "bytes" => new("Bytes", "Bytes"),
            "uint256" when field.Kind == "hash" => new("Word", "Word"),
            // Whoever calls may fill it to the brim, or it is wide by nature.
            "uint256" when field.Kind == "wide" => new("UInt256", "UInt256"),
            // Numbers and counts begin at 0 or 1 and grow by one at a time.
            "uint256" when field.Kind == "count" || IsId(field.Name) => new("ulong", "UInt64"),
            // Money is bounded by the token's supply.
            "uint256" => new("UInt128", "UInt128"),
            "tuple" => new(field.Struct!, field.Struct!),
            _ => throw new NotSupportedException(
                $"expected a field type that the generator knows, found {field.Type} in {owner.Name}.{field.Name}"),
        };
    }

    /// <summary>The C# property of a field in a record: a member cannot be named like its record.</summary>
    public static string Member(string record, string name) =>
        Pascal(name) == record ? $"{Pascal(name)}Value" : Pascal(name);

    /// <summary>A name of the ABI as C# writes it.</summary>
    public static string Pascal(string name)
    {
        var bare = name.TrimStart('_');
        return char.ToUpperInvariant(bare[0]) + bare[1..];
    }

    private static bool IsId(string name) =>
        name.EndsWith("Id", StringComparison.Ordinal) || name.EndsWith("Ids", StringComparison.Ordinal);
}
