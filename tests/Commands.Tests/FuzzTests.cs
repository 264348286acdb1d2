// Requests that nobody foresaw, at every endpoint: commands, batches, transactions, webhooks, questions, MCP and
// GraphQL, mutated from good ones by a seed that is printed. Each answer is one of ours, within its time, and tells
// nothing of our insides; 503 is one of ours where it names its code. ES_FUZZ_BODIES says how many (2,000 where it says
// nothing; ./es sim fuzz sets it), ES_SIM_REPORT names a file for the table.
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Api.Commands.Path;
using EventSourced.Domain.Values;
using EventSourced.Ethereum;
using Xunit.Abstractions;

namespace EventSourced.Commands.Tests;

[Collection(CommandTests.Name)]
public class FuzzTests(CommandWorld world, ITestOutputHelper output)
{
    private const int AtOnce = 4;
    private const int Told = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Insides =
        ["Npgsql", "Exception", "   at ", "postgres", "127.0.0.1", "eth_call", "select ", "insert ", "/src/",
            "Nethereum", "stack", "password"];

    private static readonly string[] Odd =
    [
        "null", "true", "-1", "1e400", "0.1", "\"\"", "\"0x\"", "\"0xzz\"", "\"\\u0000\"", "\"\\ud800\"", "[]", "{}",
        "[[[[[[[[[[[[[]]]]]]]]]]]]]", "\"\u202e\"",
        "115792089237316195423570985008687907853269984665640564039457584007913129639936",
        "\"115792089237316195423570985008687907853269984665640564039457584007913129639935\"",
        "\"00\"", "18446744073709551616", "\"18446744073709551615\"", "\"0x0000000000000000000000000000000000000000\"",
        "\"'; drop table commands.command; --\"",
    ];

    [Fact]
    public async Task No_body_brings_a_fault_a_hang_or_a_word_of_our_insides()
    {
        var count = int.Parse(
            Environment.GetEnvironmentVariable("ES_FUZZ_BODIES") ?? "2000", CultureInfo.InvariantCulture);
        var seed = int.Parse(
            Environment.GetEnvironmentVariable("ES_FUZZ_SEED") ?? "20261129", CultureInfo.InvariantCulture);
        Say($"seed {seed}, {count} requests");
        var person = await world.SomebodyAsync();
        var good = await GoodAsync(person);
        var statuses = new SortedDictionary<string, SortedDictionary<int, int>>(StringComparer.Ordinal);
        var done = 0;
        await Parallel.ForAsync(
            0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, cancellation) =>
        {
            var random = new Random(seed + i);
            var one = Mutated(random, good);
            using var request = one.ToRequest(random);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Patience);
            using var answer = await world.Http.SendAsync(request, limit.Token);
            var text = await answer.Content.ReadAsStringAsync(limit.Token);
            Check(one, seed + i, (int)answer.StatusCode, text);
            lock (statuses)
            {
                if (!statuses.TryGetValue(one.Door, out var mine)) statuses[one.Door] = mine = [];
                mine[(int)answer.StatusCode] = mine.GetValueOrDefault((int)answer.StatusCode) + 1;
                if (++done % Told == 0) Say($"{done} requests answered");
            }
        });
        foreach (var (door, mine) in statuses)
            Say($"{door}: {string.Join(", ", mine.Select(pair => $"{pair.Value} x {pair.Key}"))}");
        Assert.Equal(good.Select(one => one.Door).Distinct().Order(StringComparer.Ordinal), statuses.Keys);
        Assert.True(
            statuses.Values.SelectMany(mine => mine.Keys).Distinct().Count() > 2,
            "expected answers of several kinds, found two or fewer");
    }

    private void Check(Asked one, int seed, int status, string text)
    {
        var shown = one.ToString();
        var said = $"seed {seed}: {shown[..Math.Min(2_000, shown.Length)]}\n{status} {text}\n{world.Faults}";
        var isBusy = status == 503 && text.Contains("\"code\"", StringComparison.Ordinal);
        Assert.True(status < 500 || isBusy, said);
        if (status < 400) return;
        foreach (var word in Insides)
            if (text.Contains(word, StringComparison.Ordinal) && !shown.Contains(word, StringComparison.Ordinal))
                Assert.Fail($"expected no word of our insides, found '{word}': {said}");
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("ES_SIM_REPORT") is { Length: > 0 } report)
            lock (Odd) File.AppendAllText(report, line + "\n");
    }

    private static async Task<IReadOnlyList<Asked>> GoodAsync(Person person)
    {
        var all = new List<Asked>();
        var samples = new Samples(person.Address, new Instant(1_750_000_000), [1]);
        foreach (var entry in CommandTable.All)
        {
            if (!samples.TryOf(entry, "1", out var found)
                && !samples.TryOf(entry, $"0x{new string('1', 64)}", out found)
                && !samples.TryOf(entry, person.Address.ToString(), out found)) continue;
            var arguments = new JsonObject();
            for (var i = 0; i < found[0].Arguments.Count; i++)
                arguments[CommandEntry.NameOf(entry.Function.Inputs[i], i)] = Json(
                    entry.Function.Inputs[i], found[0].Arguments[i]);
            all.Add(new Asked("prepare", $"v1/commands/{entry.Name}",
                new JsonObject
                {
                    ["mode"] = "prepare",
                    ["as"] = person.Address.ToString(),
                    ["arguments"] = arguments,
                }));
        }

        var signing = await person.SignAsync("agents.register", new() { ["agentURI"] = "ipfs://x" });
        var relay = new Asked("relay", "v1/commands/agents.register", signing.Body);
        var item = signing.Body.DeepClone();
        item["command"] = "agents.register";
        var batch = new Asked("batch", "v1/commands:batch",
            new JsonObject { ["commands"] = new JsonArray(item.DeepClone(), item.DeepClone()) });
        var raw = Hex.ToText(await person.SignTransactionAsync("agents.register", new() { ["agentURI"] = "ipfs://x" }));
        var sent = new Asked("transaction", "v1/transactions", new JsonObject { ["raw"] = raw });
        foreach (var one in new[] { relay, batch, sent }.Concat(Webhooks(person)).Concat(Questions(person)))
            all.AddRange(Enumerable.Repeat(one, 20));
        return all;
    }

    private static IEnumerable<Asked> Webhooks(Person person)
    {
        foreach (var (path, member, value) in new[]
        {
            ("v1/webhooks", "address", "https://example.org/hook"), ("v1/webhooks:list", "", ""),
            ("v1/webhooks:remove", "id", Guid.Empty.ToString()),
        })
        {
            var body = new JsonObject
            {
                ["asker"] = person.Address.ToString(),
                ["deadline"] = 1_796_000_000,
                ["signature"] = $"0x{new string('1', 130)}",
            };
            if (member.Length > 0) body[member] = value;
            yield return new Asked("webhooks", path, body);
        }
    }

    private static IEnumerable<Asked> Questions(Person person)
    {
        yield return new Asked("next actions", $"v1/next-actions?id=task-1&as={person.Address}&block=3");
        yield return new Asked("status", $"v1/commands/{Guid.Empty}");
        yield return new Asked("ways", $"v1/commands/{Guid.Empty}/events");
        yield return new Asked("accounts", $"v1/accounts/{person.Address}/commands?before=5&count=10");
        yield return new Asked("table", "v1/commands?x=1");
        yield return new Asked("log", "log/tile/0/000?x=1");
        yield return new Asked("graphql", "graphql", new JsonObject
        {
            ["query"] = "query ($a: Int) { tasks(first: $a, block: {number: 3}) { nodes { id status } } }",
            ["variables"] = new JsonObject { ["a"] = 2 },
        });
        foreach (var (tool, arguments) in new (string, JsonObject)[]
        {
            ("next_actions", new JsonObject { ["as"] = person.Address.ToString(), ["id"] = "task-1" }),
            ("at_block", new JsonObject { ["id"] = "agent-1", ["block"] = 2 }),
            ("submit", new JsonObject { ["command"] = "agents.register", ["relay"] = new JsonObject() }),
            ("query", new JsonObject { ["query"] = "{ agents { totalCount } }" }),
            ("prepare_agents_register", new JsonObject
            {
                ["as"] = person.Address.ToString(),
                ["arguments"] = new JsonObject { ["agentURI"] = "ipfs://x" },
            }),
        })
            yield return new Asked("mcp", "mcp", new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = 1,
                ["method"] = "tools/call",
                ["params"] = new JsonObject { ["name"] = tool, ["arguments"] = arguments },
            });
        yield return new Asked("mcp", "mcp", new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = "resources/read",
            ["params"] = new JsonObject { ["uri"] = "task://1" },
        });
    }

    private static JsonNode? Json(Ethereum.Abi.AbiParameter parameter, Ethereum.Abi.AbiValue value) => value switch
    {
        Ethereum.Abi.AbiValue.Boolean truth => truth.Value,
        Ethereum.Abi.AbiValue.Text text => text.Value,
        Ethereum.Abi.AbiValue.Sequence list when parameter.Type is Ethereum.Abi.AbiType.Tuple =>
            new JsonObject(list.Items.Select(
                (one, i) => KeyValuePair.Create(parameter.Fields![i].Name, Json(parameter.Fields[i], one)))),
        Ethereum.Abi.AbiValue.Sequence => new JsonArray(),
        _ => value.ToString(),
    };

    private static Asked Mutated(Random random, IReadOnlyList<Asked> good)
    {
        var one = good[random.Next(good.Count)];
        for (var i = random.Next(4); i > 0; i--)
        {
            if (one.Body is null)
            {
                one = one with { Path = Question(random, one.Path) };
                continue;
            }

            var body = Body(random, one.Body);
            if (random.Next(7) == 0) one = good[random.Next(good.Count)] is { Body: not null } other
                ? one with { Path = other.Path, Door = other.Door } : one;
            if (random.Next(14) == 0 && one.Door == "prepare") one = one with
            {
                Path = "v1/commands/"
                    + Uri.EscapeDataString(new string((char)random.Next(1, 0x2ff), random.Next(1, 40))),
            };
            one = one with { Body = body.Length == 0 ? "{"u8.ToArray() : body };
        }

        return one;
    }

    private static byte[] Body(Random random, byte[] body)
    {
        switch (random.Next(6))
        {
            case 0:
                body = [.. body];
                body[random.Next(body.Length)] = (byte)random.Next(256);
                return body;
            case 1:
                return body[..random.Next(1, body.Length + 1)];
            case 2:
                var at = random.Next(body.Length);
                return [.. body[..at], .. Encoding.UTF8.GetBytes(Odd[random.Next(Odd.Length)]), .. body[at..]];
            case 3:
                // Digits of a call or a signature.
                body = [.. body];
                var digit = Array.FindIndex(body, random.Next(body.Length), b => b is >= (byte)'0' and <= (byte)'9');
                if (digit >= 0) body[digit] = (byte)"0123456789abcdef"[random.Next(16)];
                return body;
            default:
                // A value in the place of another.
                var colon = Array.IndexOf(body, (byte)':', random.Next(body.Length));
                if (colon < 0) return body;
                var end = Array.FindIndex(body, colon, b => b is (byte)',' or (byte)'}');
                return end < 0 ? body
                    : [.. body[..(colon + 1)], .. Encoding.UTF8.GetBytes(Odd[random.Next(Odd.Length)]), .. body[end..]];
        }
    }

    // A question has no body: its path and its query are what comes from outside.
    private static string Question(Random random, string path)
    {
        var at = random.Next(path.IndexOf('/', StringComparison.Ordinal) + 1, path.Length + 1);
        var odd = random.Next(3) switch
        {
            0 => Uri.EscapeDataString(Odd[random.Next(Odd.Length)].Replace("\\ud800", "", StringComparison.Ordinal)),
            1 => $"%{random.Next(1, 256):x2}",
            _ => "?&=/-0aZ"[random.Next(8)].ToString(),
        };
        return random.Next(3) == 0 ? path[..at] : path[..at] + odd + path[at..];
    }

    /// <summary>A request, by the door that it knocks at.</summary>
    private sealed record Asked(string Door, string Path, byte[]? Body = null)
    {
        public Asked(string door, string path, JsonNode body)
            : this(door, path, Encoding.UTF8.GetBytes(body.ToJsonString()))
        {
        }

        public HttpRequestMessage ToRequest(Random random)
        {
            var request = new HttpRequestMessage(Body is null ? HttpMethod.Get : HttpMethod.Post, Path);
            request.Headers.Accept.ParseAdd("application/json, text/event-stream");
            if (Body is null) return request;
            request.Content = new ByteArrayContent(Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(
                random.Next(50) == 0 ? "text/plain" : "application/json");
            return request;
        }

        public override string ToString() => $"{Path}\n{(Body is null ? "" : Encoding.UTF8.GetString(Body))}";
    }
}
