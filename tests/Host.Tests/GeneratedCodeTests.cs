// The code between Wolverine and the handlers stands in the sources; here it is held against what would be written now.
using EventSourced.Host.Messaging;

namespace EventSourced.Host.Tests;

public class GeneratedCodeTests
{
    private const string Folder = "src/Host/Messaging/Generated";

    [Fact]
    public async Task The_generated_code_is_that_of_the_handlers_as_they_are()
    {
        var made = Directory.CreateTempSubdirectory("eventsourced-generated-");
        try
        {
            var (code, output) = await HostProcess.RunAsync("codegen", made.FullName);
            Assert.True(code == 0, output);
            var (expected, found) = (Read(made.FullName), Read(Path.Combine(Root(AppContext.BaseDirectory), Folder)));
            Assert.NotEmpty(expected);
            var stale = expected.Keys.Union(found.Keys)
                .Where(name => expected.GetValueOrDefault(name) != found.GetValueOrDefault(name)).ToArray();
            Assert.True(
                stale.Length == 0,
                $"expected {Folder} to be what the handlers need, found {string.Join(", ", stale)} stale; "
                + $"renew it by {GeneratedCode.Renewal}");
        }
        finally
        {
            made.Delete(recursive: true);
        }
    }

    private static Dictionary<string, string> Read(string folder) => Directory.EnumerateFiles(folder, "*.g.cs")
        .ToDictionary(file => Path.GetFileName(file), File.ReadAllText);

    private static string Root(string folder) => File.Exists(Path.Combine(folder, "EventSourced.sln"))
        ? folder
        : Root(Path.GetDirectoryName(folder)
            ?? throw new InvalidOperationException("expected EventSourced.sln above the tests, found none"));
}
