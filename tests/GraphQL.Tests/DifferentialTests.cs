// The same documents to graphql-js and to this library: the same ones must be accepted. What differs is listed in
// npm/justified.mjs with its reason; everything else fails. And the line driver's own manners.
using System.Diagnostics;
using System.Text.Json;
using EventSourced.Testing;

namespace EventSourced.GraphQL.Tests;

public sealed class DifferentialTests
{
    private const int Documents = 10_000;

    private static readonly string Driver =
        Path.Combine(AppContext.BaseDirectory, "EventSourced.GraphQL.LineDriver.dll");

    [Fact]
    public async Task Ten_thousand_generated_requests_are_judged_as_graphql_js_judges_them()
    {
        var seed = Seed.FromEnvironment().Value;
        var output = await Npm.RunAsync("differential.mjs", [$"{seed}", $"{Documents}", "dotnet", Driver, "--explain"]);
        using var summary = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        var found = summary.RootElement;
        Assert.True(
            found.GetProperty("differenceCount")
                .GetInt32() == 0, $"run again with ES_SEED={seed}: {found.GetProperty("differences")}");
        Assert.Equal(Documents, found.GetProperty("answered").GetInt32());
        Assert.InRange(found.GetProperty("accepted").GetInt32(), Documents / 4, Documents * 3 / 4);
        Assert.InRange(found.GetProperty("overlapRefused").GetInt32(), 100, Documents);
    }

    [Theory]
    [InlineData("""{"id":1,"sdl":"type Query { a(x: Int!): Int }","query":"query Q($x: Int!) { a(x: $x) }","operationName":"Q","variables":{"x":1}}""", """{"id":1,"ok":true}""")]
    [InlineData("""{"id":"s","sdl":"type Query { a(x: Int!): Int }","query":"query Q($x: Int!) { a(x: $x) }","variables":{"x":"1"}}""", """{"id":"s","ok":false}""")]
    [InlineData(
        """{"id":2,"sdl":"type Query { a: Int }","query":"query A { a } query B { a }"}""", """{"id":2,"ok":false}""")]
    [InlineData("""{"id":3,"sdl":"type Query { a: Int }","query":"query A { a } query B { a }","operationName":"C"}""",
        """{"id":3,"ok":false}""")]
    [InlineData("""{"id":4,"sdl":"type Query { a: Int }","query":"{ b }"}""", """{"id":4,"ok":false}""")]
    [InlineData("""{"id":5,"sdl":"type Query { a: Nothing }","query":"{ a }"}""", """{"id":5,"ok":false}""")]
    [InlineData("""{"id":6,"sdl":"type Query { a: Int }","query":"{ a # \ud800 }"}""", """{"id":6,"ok":false}""")]
    [InlineData("""not json""", """{"id":null,"ok":false}""")]
    public async Task The_line_driver_answers_one_line_for_one(string request, string answer)
    {
        var start =
            new ProcessStartInfo("dotnet", [Driver]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(request);
        process.StandardInput.Close();
        Assert.Equal(answer, (await process.StandardOutput.ReadToEndAsync()).TrimEnd());
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
