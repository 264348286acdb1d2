// The XML documentation of the domain -> descriptions.json. Enters: the documentation files that the compiler wrote
// beside the assemblies. Leaves: sorted JSON with the words of every type, field and enum value that the read models
// show. Two callers: the test that compares the file, and the command that writes it anew.
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EventSourced.Projections;

namespace EventSourced.Api.Model;

/// <summary>Reads descriptions out of XML documentation.</summary>
public static partial class DescriptionSource
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    private static readonly string[] Files = ["EventSourced.Domain.xml", "EventSourced.Projections.xml"];

    /// <summary>Reads the descriptions from the documentation in a folder of assemblies.</summary>
    public static string Read(string folder)
    {
        var members = Files
            .SelectMany(file => XDocument.Load(Path.Combine(folder, file)).Descendants("member"))
            .ToDictionary(member => member.Attribute("name")!.Value);
        var words = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var model in ReadModels.All)
        {
            var type = Member(members, $"T:{Name(model.Fold.StateType)}");
            words[model.TypeName] = Text(type.Element("summary"));
            foreach (var column in model.Columns)
            {
                var parameter = type.Elements("param")
                    .FirstOrDefault(found => found.Attribute("name")!.Value == column.Property);
                words[$"{model.TypeName}.{column.Field}"] = Text(parameter);
                if (column.Type.IsEnum) AddEnum(words, members, column.Type);
            }
        }

        foreach (var code in Codes.Enums) AddEnum(words, members, code);
        return JsonSerializer.Serialize(words, Json) + "\n";
    }

    private static void AddEnum(SortedDictionary<string, string> words, Dictionary<string, XElement> members, Type type)
    {
        var name = FieldNames.EnumName(type);
        // The part behind a semicolon speaks of numbers, to those who change the code.
        words[name] = Text(Member(members, $"T:{Name(type)}").Element("summary")).Split(';')[0].TrimEnd('.') + ".";
        foreach (var value in Enum.GetNames(type))
            words[$"{name}.{FieldNames.EnumValue(value)}"] =
                Text(Member(members, $"F:{Name(type)}.{value}").Element("summary"));
    }

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static XElement Member(Dictionary<string, XElement> members, string name) => members.GetValueOrDefault(name)
        ?? throw new KeyNotFoundException($"expected documentation of {name}, found none");

    private static string Text(XElement? element)
    {
        if (element is null)
            throw new KeyNotFoundException("expected documentation of every parameter, found one without");
        foreach (var reference in element.Descendants().Where(inner => inner.Attribute("cref") is not null).ToList())
            reference.ReplaceWith(reference.Attribute("cref")!.Value.Split('.')[^1]);
        return Blank().Replace(element.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
