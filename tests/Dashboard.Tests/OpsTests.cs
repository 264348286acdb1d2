// What an operator looks at beside the page: the alerts of Prometheus and the dashboard of Grafana. Enters: ops/, and a
// running host. Leaves: promtool's word. Always holds: every metric that is named there is exported by the host.
using System.Text.Json;
using System.Text.RegularExpressions;
using EventSourced.Testing;

namespace EventSourced.Dashboard.Tests;

[Collection(BrowserTests.Name)]
public partial class OpsTests(LivingHost host)
{
    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    // Metrics that are there only once what they count has happened.
    private static readonly string[] Later =
        ["eventsourced_relayer_oldest_seconds", "eventsourced_relayer_commands"];

    [Theory]
    [InlineData("check", "config", "prometheus.yml")]
    [InlineData("check", "rules", "rules.yml")]
    [InlineData("test", "rules", "rules.test.yml")]
    public async Task Promtool_agrees(string verb, string what, string file) =>
        await Npm.RunAsync(Npm.Folder("ops/prometheus"), Nothing, "promtool", verb, what, file);

    [Fact]
    public async Task Every_metric_of_alerts_and_dashboard_is_exported_by_the_host()
    {
        using var http = new HttpClient { BaseAddress = host.Address };
        var rules = await File.ReadAllTextAsync(Npm.Folder("ops/prometheus/rules.yml"));
        var named = Named().Matches(rules + string.Join('\n', await ExpressionsAsync()))
            .Select(match => match.Value).Distinct().Except(Later).ToArray();
        Assert.True(named.Length > 20, $"expected more than 20 metrics, found {named.Length}");
        // A gauge of figures that the host asks for, such as balances, is there after its first answer.
        string[] missing = named;
        await Eventually.TrueAsync(
            async () => (missing = [.. named.Except(await ExportedAsync(http))]).Length == 0,
            found: () => $"no {string.Join(", ", missing)}");
    }

    [Fact]
    public async Task Every_panel_has_a_title_a_question_and_a_place_of_its_own()
    {
        using var dashboard = JsonDocument.Parse(
            await File.ReadAllTextAsync(Npm.Folder("ops/grafana/eventsourced.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToArray();
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.Equal(
            panels.Length, panels.Select(panel => panel.GetProperty("gridPos").GetRawText()).Distinct().Count());
        Assert.All(panels, panel => Assert.NotEmpty(panel.GetProperty("title").GetString()!));
        Assert.All(panels, panel => Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray()));
    }

    private static async Task<IEnumerable<string>> ExportedAsync(HttpClient http) =>
        Exported().Matches(await http.GetStringAsync(new Uri("metrics", UriKind.Relative)))
            .Select(match => match.Groups[1].Value);

    private static async Task<IEnumerable<string>> ExpressionsAsync()
    {
        using var dashboard = JsonDocument.Parse(
            await File.ReadAllTextAsync(Npm.Folder("ops/grafana/eventsourced.json")));
        return [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!)];
    }

    [GeneratedRegex(@"^# TYPE (\w+) ", RegexOptions.Multiline)]
    private static partial Regex Exported();

    [GeneratedRegex(@"\b(?:eventsourced|dotnet|db_client|http_client)_\w+")]
    private static partial Regex Named();
}
