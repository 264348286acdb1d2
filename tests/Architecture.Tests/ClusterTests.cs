// The launcher and clusters that are not its own: it names them and what can be done, and takes none over in silence.
using System.Data.Common;

namespace EventSourced.Architecture.Tests;

public sealed class ClusterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("es-cluster-").FullName;

    private string Script(string rest) =>
        $$"""
        {{Bash.Launcher}}
        need_apt() { :; }
        db_folder() { printf '%s' '{{_folder}}/cluster'; }
        {{rest}}
        """;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The checkout was deleted and made again: its .data was new, and the host refused the old database without saying
    // why.
    [Fact]
    public async Task Up_tells_of_a_cluster_whose_checkout_was_deleted_and_made_again()
    {
        LeaveCluster();
        var (code, _, complaints) = await Bash.RunAsync(Script("es_up"), Repository.Root, Data);
        Assert.Equal(1, code);
        Assert.Contains(
            $"expected no cluster for a new checkout, found {_folder}/cluster", complaints, StringComparison.Ordinal);
        Assert.Contains("./es reset --yes", complaints, StringComparison.Ordinal);
        Assert.Contains("./es db adopt", complaints, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adopted_cluster_is_ours()
    {
        LeaveCluster();
        var (code, output, complaints) =
            await Bash.RunAsync(
                Script("mkdir -p \"$ES_DATA\"; es_db adopt; up_left_over; echo up"), Repository.Root, Data);
        Assert.Equal((0, "up\n", ""), (code, output, complaints));
    }

    [Fact]
    public async Task A_cluster_that_is_not_there_cannot_be_adopted()
    {
        var (code, _, complaints) = await Bash.RunAsync(Script("es_db adopt"), Repository.Root, Data);
        Assert.Equal(1, code);
        Assert.Contains($"expected a cluster in {_folder}/cluster, found none", complaints, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_another_cluster_holds_is_told_with_its_data_and_its_process()
    {
        var (code, _, complaints) = await Bash.RunAsync(
            Script("db_start"), Repository.Root, Data, ("ES_DB_PORT", Port()));
        Assert.Equal(1, code);
        Assert.Matches(
            $@"port {Port()} is taken by the cluster of (another checkout|a checkout that was deleted): data /\S+, process \d+",
            complaints);
        Assert.Contains("choose another: ES_DB_PORT=", complaints, StringComparison.Ordinal);
    }

    private (string, string) Data => ("ES_DATA", Path.Combine(_folder, "data"));

    private void LeaveCluster()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "cluster"));
        File.WriteAllText(Path.Combine(_folder, "cluster", "PG_VERSION"), "15\n");
    }

    // The cluster of the tests stands for that of another checkout.
    private static string Port()
    {
        var given = new DbConnectionStringBuilder
        {
            ConnectionString = Environment.GetEnvironmentVariable("ES_DATABASE") ?? "Port=15432",
        };
        return given.TryGetValue("Port", out var port) ? (string)port : "5432";
    }
}
