// Settings as flags of a command. Enters: the settings that a command takes. Leaves: its options, and the layers of a
// parsed command line.
using System.CommandLine;

namespace EventSourced.Host.Settings;

/// <summary>The flags of some settings.</summary>
internal sealed class SettingOptions
{
    private readonly List<(Setting Setting, Option<string[]> Option)> _options;

    internal SettingOptions(Command command, IEnumerable<Setting> settings)
    {
        _options = [.. settings.Prepend(Setting.Config).Select(setting => (setting, new Option<string[]>(setting.Flag)
        {
            Description = setting.Description,
            // Each flag takes one value; a flag may be repeated.
            Arity = ArgumentArity.OneOrMore,
        }))];
        foreach (var (_, option) in _options) command.Options.Add(option);
    }

    internal Layers Read(ParseResult parsed, params IEnumerable<(Setting Setting, string Value)> fixedValues)
    {
        var flags = _options.Where(pair => parsed.GetValue(pair.Option) is { Length: > 0 })
            .ToDictionary(pair => pair.Setting.Name, pair => parsed.GetValue(pair.Option)!);
        foreach (var (setting, value) in fixedValues) flags[setting.Name] = [value];
        return new Layers(flags, Environment.GetEnvironmentVariable);
    }
}
