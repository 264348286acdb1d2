// The roll of those whose keys the host holds. Enters: people with agents, and what each does. Leaves: key files, their
// password, and the file of hosted agents that the host reads. Always holds: files of others cannot read them (mode
// 0600), a file appears whole or not at all, and what is there already stays.
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventSourced.Chain.Signing;

namespace EventSourced.World;

/// <summary>The folder of hosted agents.</summary>
public sealed class Roll(string folder)
{
    private const string PasswordFile = "password";
    private const string RosterFile = "hosted.json";

    // Cheap to open: these keys are ones that anybody can make.
    private const int Cost = 1 << 12;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Writes the whole roll.</summary>
    public async Task WriteAsync(
        IReadOnlyList<(Person Person, string Capability, string Module, int Percent)> agents,
        IReadOnlyList<(Person Person, bool Challenges)> verifiers, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var password = await PasswordAsync(cancellation);
        foreach (var person in agents.Select(one => one.Person).Concat(verifiers.Select(one => one.Person)))
            if (!File.Exists(Path.Combine(folder, KeyFileOf(person))))
                await WriteAsync(KeyFileOf(person), KeyFile.Encrypt(person.Key, password, Cost), cancellation);
        var roster = new
        {
            agents = agents.Select(one => new
            {
                id = one.Person.AgentId,
                key = KeyFileOf(one.Person),
                modules = new[] { one.Module },
                capabilities = new[] { one.Capability },
                capacity = 8,
                bid = new { percent = one.Percent, least = "1" },
            }),
            verifiers = verifiers.Select(one => new
            {
                id = one.Person.AgentId,
                key = KeyFileOf(one.Person),
                challenge = one.Challenges,
            }),
        };
        await WriteAsync(RosterFile, JsonSerializer.Serialize(roster, Form), cancellation);
    }

    private static string KeyFileOf(Person person) => $"{person.Address}.json";

    private async Task<string> PasswordAsync(CancellationToken cancellation)
    {
        var path = Path.Combine(folder, PasswordFile);
        if (!File.Exists(path))
            await WriteAsync(PasswordFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), cancellation);
        return (await File.ReadAllTextAsync(path, cancellation)).Trim();
    }

    private async Task WriteAsync(string name, string text, CancellationToken cancellation)
    {
        var (path, part) = (Path.Combine(folder, name), Path.Combine(folder, $".{name}.part"));
        var form = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) form.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var writer = new StreamWriter(part, form)) await writer.WriteAsync(text.AsMemory(), cancellation);
        File.Move(part, path, overwrite: true);
    }
}
