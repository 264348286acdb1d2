// What writes and reads each event's JSON. A writer states the properties in the record's order, as the serializer
// does. A reader expects the form in which PostgreSQL gives jsonb back, keys by length and then by bytes, and leaves
// any other text to the serializer: so there is one place that knows all of JSON, and one that is quick.
using System.Globalization;
using System.Text;
using EventSourced.Domain.Values;

namespace EventSourced.EventGenerator;

/// <summary>Writes the C# of stored forms.</summary>
internal static class StoredForms
{
    /// <summary>The forms of one contract's events.</summary>
    public static string Of(Contract contract)
    {
        var text = new StringBuilder(Generator.Head).Append(
            "using System.Text.Json;\nusing EventSourced.Domain.Values;\n\nnamespace EventSourced.Domain.Events;\n\npublic static partial class StoredForm\n{\n");
        foreach (var (index, one) in contract.Events.Index())
        {
            if (one.Fields.Length == 0)
                throw new NotSupportedException(
                    $"expected an event with a field, found none in {contract.Name}.{one.Name}");
            if (index > 0) text.Append('\n');
            text.Append(Writer(one)).Append('\n').Append(Reader(one));
            foreach (var structure in one.Fields.Where(field => field.Components is not null))
                text.Append(
                    '\n').Append(StructWriter(one, structure)).Append('\n').Append(StructReader(one, structure));
        }

        return text.Append("}\n").ToString();
    }

    /// <summary>The table of all forms.</summary>
    public static string Table(IEnumerable<CatalogEvent> events)
    {
        var text = new StringBuilder(Generator.Head).Append("using EventSourced.Domain.Values;\n\nnamespace EventSourced.Domain.Events;\n\n");
        text.Append("/// <summary>The JSON of every event of the catalog, both ways, to the byte as <see cref=\"EventJson\"/> has it.</summary>\n");
        text.Append(
            "public static partial class StoredForm\n{\n    /// <summary>Every event of the catalog.</summary>\n");
        text.Append("    public static IReadOnlyList<EventForm> All { get; } =\n    [\n");
        foreach (var one in events)
            text.Append(CultureInfo.InvariantCulture,
                $"        new EventForm<{one.Record}>(\"{SnakeCase.Lower(one.Record)}\", Write, Read{one.Record}),\n");
        return text.Append("    ];\n}\n").ToString();
    }

    private static string Writer(CatalogEvent one)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"    /// <summary>Writes {one.Record}.</summary>\n    public static void Write(Utf8JsonWriter json, {one.Record} happened)\n    {{\n");
        text.Append("        var form = new FormWriter(json, stackalloc byte[FormWriter.Room]);\n");
        text.Append(Additions(one, one.Record, one.Fields, "happened"));
        return text.Append("        form.End();\n    }\n").ToString();
    }

    private static string StructWriter(CatalogEvent owner, Field structure)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"    private static void Add(ref FormWriter form, ReadOnlySpan<byte> before, {structure.Struct}? {Generator.Local(structure.Name)})\n    {{\n");
        text.Append("        form.Add(before);\n");
        text.Append(CultureInfo.InvariantCulture,
            $"        if ({Generator.Local(structure.Name)} is null)\n        {{\n            form.Add(\"null\"u8);\n            return;\n        }}\n\n");
        text.Append(Additions(owner, structure.Struct!, structure.Components!, Generator.Local(structure.Name)));
        return text.Append("        form.Add(\"}\"u8);\n    }\n").ToString();
    }

    private static string Additions(CatalogEvent owner, string record, Field[] fields, string value)
    {
        var text = new StringBuilder();
        foreach (var (index, field) in fields.Index())
        {
            var member = FieldTypes.Member(record, field.Name);
            var before = $"{(index == 0 ? "{" : ",")}\\\"{member}\\\":";
            text.Append(CultureInfo.InvariantCulture,
                $"        {(field.Components is null ? "form.Add(" : "Add(ref form, ")}\"{before}\"u8, {value}.{member});\n");
        }

        return text.ToString();
    }

    private static string Reader(CatalogEvent one)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"    /// <summary>Reads {one.Record}.</summary>\n    public static {one.Record}? Read{one.Record}(ReadOnlySpan<byte> json) =>\n");
        text.Append(CultureInfo.InvariantCulture,
            $"        Stored{one.Record}(json) ?? JsonSerializer.Deserialize(json, EventJson.Default.{one.Record});\n\n");
        text.Append(CultureInfo.InvariantCulture,
            $"    private static {one.Record}? Stored{one.Record}(ReadOnlySpan<byte> json)\n    {{\n");
        text.Append("        var form = new FormReader(json);\n        return ");
        text.Append(Readings(one, one.Record, one.Fields)).Append("\n            && form.Ends\n");
        return text.Append(CultureInfo.InvariantCulture,
            $"            ? new {one.Record}({Arguments(one.Fields)})\n            : null;\n    }}\n").ToString();
    }

    private static string StructReader(CatalogEvent owner, Field structure)
    {
        var text = new StringBuilder();
        var local = Generator.Local(structure.Name);
        text.Append(CultureInfo.InvariantCulture,
            $"    private static bool Read(ref FormReader form, ReadOnlySpan<byte> before, out {structure.Struct} {local})\n    {{\n");
        text.Append(CultureInfo.InvariantCulture,
            $"        {local} = null!;\n        if (!form.Read(before)) return false;\n        if (!(");
        text.Append(Readings(owner, structure.Struct!, structure.Components!)).Append(
            "\n            && form.Read(\"}\"u8))) return false;\n");
        return text.Append(CultureInfo.InvariantCulture,
            $"        {local} = new {structure.Struct}({Arguments(structure.Components!)});\n        return true;\n    }}\n").ToString();
    }

    private static string Readings(CatalogEvent owner, string record, Field[] fields)
    {
        var stored = fields
            .Select(field => (Field: field, Member: FieldTypes.Member(record, field.Name)))
            .OrderBy(one => one.Member.Length).ThenBy(one => one.Member, StringComparer.Ordinal);
        return string.Join("\n            && ", stored.Select((one, index) => string.Create(
            CultureInfo.InvariantCulture,
            $"{(one.Field.Components is null ? "form.Read(" : "Read(ref form, ")}\"{(index == 0 ? "{" : ", ")}\\\"{one.Member}\\\": \"u8, out {FieldTypes.Of(owner, one.Field).CSharp} {Generator.Local(one.Field.Name)})")));
    }

    private static string Arguments(Field[] fields) =>
        string.Join(", ", fields.Select(field => Generator.Local(field.Name)));
}
