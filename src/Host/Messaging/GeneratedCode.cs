// The code between Wolverine and the handlers, written before the build. Enters: a folder. Leaves: one file NAME.g.cs a
// handler in it, and nothing else of that kind. Always holds: equal handlers give equal files; no database is asked.
using JasperFx.CodeGeneration;
using JasperFx.CodeGeneration.Model;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourced.Host.Messaging;

/// <summary>Writes the code that <see cref="TypeLoadMode.Static"/> expects in this assembly.</summary>
public static class GeneratedCode
{
    /// <summary>The command that renews it.</summary>
    public const string Renewal = "./es host codegen";

    private const string Suffix = ".g.cs";

    // Never connected to: code is generated from types alone.
    private const string NoDatabase = "Host=nowhere.invalid";

    /// <summary>Writes every file anew.</summary>
    /// <returns>The names of the files.</returns>
    public static async Task<IReadOnlyList<string>> WriteAsync(string folder)
    {
        var made = Directory.CreateTempSubdirectory("eventsourced-codegen-").FullName;
        try
        {
            var services = new ServiceCollection();
            WriteSide.Add(services, NoDatabase, options => options.CodeGeneration.GeneratedCodeOutputPath = made);
            var provider = services.BuildServiceProvider();
            await using (provider.ConfigureAwait(false))
            {
                var builder = new DynamicCodeBuilder(provider, [.. provider.GetServices<ICodeFileCollection>()])
                {
                    ServiceVariableSource = provider.GetRequiredService<IServiceVariableSource>(),
                };
                builder.WriteGeneratedCode(_ => { });
            }

            return Move(made, folder);
        }
        finally
        {
            Directory.Delete(made, recursive: true);
        }
    }

    private static List<string> Move(string made, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.EnumerateFiles(folder, "*" + Suffix)) File.Delete(old);
        var names = new List<string>();
        foreach (var file in Directory.EnumerateFiles(
            made, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file) + Suffix;
            File.WriteAllText(Path.Combine(folder, name), File.ReadAllText(file).ReplaceLineEndings("\n"));
            names.Add(name);
        }

        return names;
    }
}
