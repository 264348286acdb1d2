// The layers of settings. Enters: a configuration file, the environment, flags. Leaves: for each name the value of the
// highest layer that has one, and its place, so that a complaint can name it. Always holds: flags beat the environment,
// which beats the file.
using System.Text.Json;

namespace EventSourced.Host.Settings;

/// <summary>A value and its place.</summary>
/// <param name="Values">The texts; one, except for lists.</param>
/// <param name="Where">The place in words: a flag, a variable, a file, or the default.</param>
public sealed record Given(IReadOnlyList<string> Values, string Where)
{
    /// <summary>The text of a setting that has one value.</summary>
    public string Text => Values is [var only] ? only : string.Join(',', Values);
}

/// <summary>The layers of settings.</summary>
public sealed class Layers
{
    private readonly Dictionary<string, Given> _given = [];
    private readonly List<string> _complaints = [];

    /// <summary>Reads the three layers; the flag or ES_CONFIG names the file.</summary>
    public Layers(IReadOnlyDictionary<string, string[]> flags, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(flags);
        ArgumentNullException.ThrowIfNull(environment);
        if (flags.TryGetValue(Setting.Config.Name, out var named)) ReadFile(named[^1], Setting.Config.Flag);
        else if (environment(Setting.Config.Variable) is { Length: > 0 } file) ReadFile(file, Setting.Config.Variable);
        foreach (var setting in Setting.All)
        {
            if (environment(setting.Variable) is { Length: > 0 } text)
                _given[setting.Name] = new Given(setting.Split(text), $"environment variable {setting.Variable}");
            if (flags.TryGetValue(setting.Name, out var values) && values.Length > 0)
                _given[setting.Name] = new Given([.. values.SelectMany(setting.Split)], $"flag {setting.Flag}");
        }
    }

    /// <summary>The complaints so far.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>The given value of a setting, or null.</summary>
    public Given? Find(Setting setting) => _given.GetValueOrDefault(setting.Name);

    /// <summary>Adds a complaint about a setting: expected, found, where.</summary>
    public void Complain(Setting setting, string expected, string found, string where) =>
        _complaints.Add($"{setting.Name}: expected {expected}, found {found}; where: {where}");

    private void ReadFile(string path, string by)
    {
        var where = $"file {path}, named by {by}";
        try
        {
            using var json = JsonDocument.Parse(
                File.ReadAllBytes(path),
                new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                Complain(Setting.Config, "a JSON object", $"a JSON {Kind(json.RootElement)}", where);
            else
                foreach (var field in json.RootElement.EnumerateObject()) Take(field, path);
        }
        catch (JsonException fault)
        {
            Complain(Setting.Config, "JSON", $"none at line {fault.LineNumber + 1}", where);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Complain(Setting.Config, "a file that can be read",
                fault is FileNotFoundException ? "no file" : fault.Message, where);
        }
    }

    private void Take(JsonProperty field, string path)
    {
        var where = $"file {path}, field {field.Name}";
        if (Setting.All.FirstOrDefault(setting => setting.Name == field.Name) is not { } setting)
        {
            _complaints.Add($"{field.Name}: expected one of {string.Join(", ", Setting.All.Select(known => known.Name))}, found {field.Name}; "
                + $"where: {where}");
            return;
        }

        var items = field.Value.ValueKind == JsonValueKind.Array
            ? field.Value.EnumerateArray().ToArray() : [field.Value];
        if (items.Length == 0
            || items.Any(item => item.ValueKind is not (JsonValueKind.String or JsonValueKind.Number)))
            Complain(setting, setting.IsList ? "a text or a list of texts" : "a text or a number",
                $"a JSON {Kind(field.Value)}", where);
        else
            _given[setting.Name] = new Given([.. items.SelectMany(item => setting.Split(item.ToString()))], where);
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "list",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
