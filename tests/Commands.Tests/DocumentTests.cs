// The document of version 1 is frozen: what the code says is what is checked in, and the host serves it with its page
// from its own assets.
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Api.Commands.Http;

namespace EventSourced.Commands.Tests;

[Collection(CommandTests.Name)]
public class DocumentTests(CommandWorld world)
{
    [Fact]
    public async Task The_OpenAPI_document_is_the_one_that_is_checked_in_and_has_every_command()
    {
        var stored = await File.ReadAllTextAsync(System.IO.Path.Combine(World.WorldChain.Root, CommandDocument.File));
        Assert.True(stored == await CommandDocument.TextAsync(),
            $"{CommandDocument.File} is not what the code says: version 1 is frozen. ./es host openapi writes it; read the difference");
        using var answer = await world.Http.GetAsync("v1/openapi.json");
        Assert.True(answer.IsSuccessStatusCode, world.Faults);
        var served = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(stored), served), "expected the served document to be the stored one");
        Assert.Equal("3.1.1", (string?)served["openapi"]);
        Assert.Empty(CommandTable.All.Where(entry => served["paths"]![$"/v1/commands/{entry.Name}"]?["post"] is null));
    }

    [Fact]
    public async Task The_page_of_the_document_loads_nothing_from_elsewhere()
    {
        var page = await world.Http.GetStringAsync("v1/docs/");
        Assert.Contains("v1/openapi.json", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=[\"']https?://", page);
        var script = System.Text.RegularExpressions.Regex.Match(page, "src=[\"']([^\"']+\\.js)[\"']").Groups[1].Value;
        using var answer = await world.Http.GetAsync(new Uri(new Uri(world.Http.BaseAddress!, "v1/docs/"), script));
        Assert.True(answer.IsSuccessStatusCode, $"expected {script} to be served, found {answer.StatusCode}\n{page}");
    }

    [Fact]
    public async Task The_list_of_commands_says_contract_sender_effect_and_arguments()
    {
        var list = JsonNode.Parse(await world.Http.GetStringAsync("v1/commands"))!["commands"]!.AsArray();
        Assert.Equal(CommandTable.All.Count, list.Count);
        var bid = list.Single(one => (string?)one!["name"] == "tasks.placeBid")!;
        Assert.Equal("TaskMarket", (string?)bid["contract"]);
        Assert.Equal(["taskId", "agentId", "price", "eta", "proposalHash"],
            bid["arguments"]!["required"]!.AsArray().Select(name => (string)name!));
    }
}
