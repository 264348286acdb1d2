// The queries of docs/graphql, asked. An answer in the text has the form of the real one: the same fields, the same
// kinds of values. ES_ACCEPT=1 writes the answers anew.
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Language;

namespace EventSourced.Api.Tests;

[Collection(ServedTests.Name)]
public partial class DocumentationTests(ServedWorld world)
{
    private static readonly JsonSerializerOptions Pretty = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public async Task Every_query_of_the_documentation_is_answered_in_the_form_that_stands_there()
    {
        const string file = "docs/graphql/queries.md";
        await CheckAsync(file, 10, async query => JsonNode.Parse((await world.Api.DataAsync(query)).GetRawText())!);
    }

    [Fact]
    public async Task Every_subscription_of_the_documentation_is_served()
    {
        const string file = "docs/graphql/subscriptions.md";
        var text = await File.ReadAllTextAsync(Checked.Path(file));
        var documents = Blocks().Matches(text).Select(match => match.Groups[1].Value).ToList();
        Assert.True(documents.Count >= 4, $"expected subscriptions in {file}, found {documents.Count}");
        foreach (var document in documents)
            Assert.Equal(
                OperationType.Subscription, world.Api.Api.Executor.KindOf(OperationRequest.FromText(document)));
        await CheckAsync(file, 1, async query =>
        {
            await using var client = await LiveClient.SubscribeAsync(world.Api, query);
            return JsonNode.Parse((await client.NextAsync()).GetRawText())!;
        });
    }

    private static async Task CheckAsync(string file, int least, Func<string, Task<JsonNode>> ask)
    {
        var text = await File.ReadAllTextAsync(Checked.Path(file));
        var pairs = Pairs().Matches(text);
        Assert.True(pairs.Count >= least, $"expected {least} queries with answers in {file}, found {pairs.Count}");
        var accepted = text;
        foreach (Match pair in pairs)
        {
            var found = await ask(pair.Groups[1].Value);
            if (Checked.IsAccepting)
                accepted = accepted.Replace(pair.Value,
                    $"```graphql\n{pair.Groups[1].Value}```\n\n```json\n{found.ToJsonString(Pretty)}\n```\n",
                    StringComparison.Ordinal);
            else
                AssertSameForm(JsonNode.Parse(pair.Groups[2].Value), found, $"{file}: {pair.Groups[1].Value}");
        }

        if (Checked.IsAccepting) await File.WriteAllTextAsync(Checked.Path(file), accepted);
    }

    // What may be null, or empty, may be so in another world; what stands there has to be of the same kind.
    private static void AssertSameForm(JsonNode? expected, JsonNode? found, string where)
    {
        if (expected is null || found is null) return;
        Assert.True(expected.GetValueKind() == found.GetValueKind() || (IsTruth(expected) && IsTruth(found)),
            $"{where}: expected {expected}, found {found}");
        if (expected is JsonObject left && found is JsonObject right)
        {
            // The domain's own JSON, in data and state, has as many members as there are.
            Assert.True(left.Select(member => member.Key).SequenceEqual(right.Select(member => member.Key))
                || where.EndsWith(".data", StringComparison.Ordinal),
                $"{where}: expected {left.ToJsonString()}, found {right.ToJsonString()}");
            foreach (var (name, member) in left)
                if (right.TryGetPropertyValue(name, out var same)) AssertSameForm(member, same, $"{where}.{name}");
        }
        else if (expected is JsonArray { Count: > 0 } ones && found is JsonArray { Count: > 0 } others)
        {
            AssertSameForm(ones[0], others[0], where);
        }
    }

    private static bool IsTruth(JsonNode node) => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False;

    [GeneratedRegex("```graphql\n(.*?)```\n\n```json\n(.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex Pairs();

    [GeneratedRegex("```graphql\n(.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
