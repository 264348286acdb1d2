// docker-compose.yml as far as it can be judged without running it: what it mounts and builds from is there, and it
// serves what it says.
using System.Text.RegularExpressions;

namespace EventSourced.Architecture.Tests;

public partial class ComposeTests
{
    private static readonly string Compose = File.ReadAllText(Path.Combine(Repository.Root, "docker-compose.yml"));

    [Fact]
    public void Every_file_that_the_containers_take_from_the_checkout_exists()
    {
        var files = Taken().Matches(Compose).Select(match => match.Groups[1].Value).ToList();
        Assert.Contains("contracts/artifacts", files);
        Assert.Contains("src/Host/Dockerfile", files);
        Assert.Empty(files.Where(file => !Path.Exists(Path.Combine(Repository.Root, file))));
    }

    [Fact]
    public void The_host_indexes_and_serves() =>
        Assert.Contains("""command: ["serve", "--roles", "indexer,api"]""", Compose, StringComparison.Ordinal);

    [Fact]
    public void Every_port_is_published_on_loopback_only()
    {
        var ports = Ports().Matches(Compose);
        Assert.NotEmpty(ports);
        Assert.All(ports, port => Assert.StartsWith("127.0.0.1:", port.Groups[1].Value, StringComparison.Ordinal));
    }

    // Mounts begin with ./ and end at a colon; the secrets are made by whoever operates this.
    [GeneratedRegex(@"(?:""\./|dockerfile: )([\w./-]+)")]
    private static partial Regex Taken();

    [GeneratedRegex(@"ports: \[""([^""]+)""\]")]
    private static partial Regex Ports();
}
