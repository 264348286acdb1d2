// What the host with the role api serves beside answers: its pages, GraphiQL in a real Chromium, and the manners of
// HTTP.
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventSourced.Testing;

namespace EventSourced.Api.Tests;

[Collection(ServedTests.Name)]
public class PageTests(ServedWorld world)
{
    [Fact]
    public async Task GraphiQL_in_a_browser_asks_and_shows_the_answer_and_fetches_nothing_from_elsewhere()
    {
        var packages = Checked.Path("src/Api/graphiql");
        await InstallAsync(packages);
        await InstallAsync(Checked.Path("tests/Api.Tests/npm"));
        await using var api = await ServedApi.OverAsync(world.Database.ConnectionString, ("graphiql", packages));
        using var output = JsonDocument.Parse(await RunAsync(
            Checked.Path("tests/Api.Tests/npm"), "node", "graphiql.mjs", api.Address.ToString().TrimEnd('/'),
            "{ tasks { totalCount } }"));
        Assert.Equal(
            await world.Database.CountAsync("select count(*) from model.task"),
            output.RootElement.GetProperty(
                "answer").GetProperty("data").GetProperty("tasks").GetProperty("totalCount").GetInt64());
        Assert.Empty(output.RootElement.GetProperty("elsewhere").EnumerateArray());
        Assert.Empty(output.RootElement.GetProperty("complaints").EnumerateArray());
    }

    [Fact]
    public async Task Without_its_packages_the_page_says_what_to_run()
    {
        var page = await world.Api.Http.GetStringAsync("graphiql");
        Assert.Contains("cd src/Api/graphiql &amp;&amp; npm ci", page, StringComparison.Ordinal);
        Assert.Contains("/graphiql", await world.Api.Http.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_comes_as_get_and_long_answers_are_compressed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get,
            "graphql?query=" + Uri.EscapeDataString("{ tasks(first: 100) { nodes { id client domain } } }"));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        request.Headers.Accept.ParseAdd("application/graphql-response+json");
        using var answer = await world.Api.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("br", answer.Content.Headers.ContentEncoding.Single());
    }

    [Fact]
    public async Task Pages_of_other_origins_may_ask_only_where_they_are_let_in()
    {
        await using var open = await ServedApi.OverAsync(
            world.Database.ConnectionString, ("apiOrigins", "https://friend.example"));
        Assert.Equal("https://friend.example", await AllowedAsync(open, "https://friend.example"));
        Assert.Null(await AllowedAsync(open, "https://stranger.example"));
        Assert.Null(await AllowedAsync(world.Api, "https://friend.example"));
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "graphql");
        preflight.Headers.Add("Origin", "https://friend.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        using var allowed = await open.Http.SendAsync(preflight);
        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Contains(
            "POST", allowed.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_only_trusted_documents_are_run_they_are_named_and_others_refused()
    {
        const string text = "{ tasks { totalCount } }";
        var folder = Directory.CreateTempSubdirectory("trusted-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "count.graphql"), text);
        await using var api = await ServedApi.OverAsync(
            world.Database.ConnectionString, ("trustedDocuments", folder.FullName), ("onlyTrusted", "yes"));
        folder.Delete(recursive: true);
        Assert.Equal("UNTRUSTED_DOCUMENT",
            (await api.ErrorsAsync(text))[0].GetProperty("extensions").GetProperty("code").GetString());
        foreach (var id in new[]
        {
            "count",
            $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}",
        })
        {
            using var content = new StringContent($$"""{"documentId":"{{id}}"}""", Encoding.UTF8, "application/json");
            using var answer = await api.Http.PostAsync("graphql", content);
            Assert.Contains("totalCount", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_api_is_ready_when_there_is_an_index_and_says_why_when_there_is_none()
    {
        Assert.Equal(HttpStatusCode.OK, (await world.Api.Http.GetAsync("readyz")).StatusCode);
        await using var empty = await TestDatabase.CreateAsync();
        await using var api = await ServedApi.OverAsync(empty.ConnectionString);
        using var answer = await api.Http.GetAsync("readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("nothing is indexed in this database yet", await answer.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await api.Http.GetAsync("healthz")).StatusCode);
    }

    [Fact]
    public async Task Figures_count_what_was_asked()
    {
        await world.Api.DataAsync("{ tasks { totalCount } }");
        var metrics = await world.Api.Http.GetStringAsync("metrics");
        foreach (var name in new[]
        {
            "requests_total",
            "failed_total",
            "refused_total",
            "limited_total",
            "duration_seconds_total",
            "slowest_seconds",
            "running",
            "subscriptions",
        })
            Assert.Contains($"\neventsourced_api_{name}{{}} ", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("\neventsourced_api_requests_total{} 0\n", metrics, StringComparison.Ordinal);
    }

    private static async Task<string?> AllowedAsync(ServedApi api, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "graphql")
        {
            Content = new StringContent("""{"query":"{ __typename }"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Origin", origin);
        using var answer = await api.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;
    }

    private static async Task InstallAsync(string folder)
    {
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            await RunAsync(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
    }

    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await errors}");
        return await output;
    }
}
