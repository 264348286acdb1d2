// Bodies that nobody foresaw, at every endpoint: mutated from good ones by a seed that is printed. Each answer is one
// of ours, within its time, and tells nothing of our insides. ES_FUZZ_BODIES says how many (2,000 where it says
// nothing).
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Api.Commands.Path;
using EventSourced.Domain;
using EventSourced.Ethereum;
using Xunit.Abstractions;

namespace EventSourced.Commands.Tests;

[Collection(CommandTests.Name)]
public class FuzzTests(CommandWorld world, ITestOutputHelper output)
{
    private const int AtOnce = 4;
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
        output.WriteLine($"seed {seed}, {count} bodies");
        var person = await world.SomebodyAsync();
        var good = await GoodAsync(person);
        var statuses = new SortedDictionary<int, int>();
        await Parallel.ForAsync(
            0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, cancellation) =>
        {
            var random = new Random(seed + i);
            var (path, body) = Mutated(random, good, person);
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue(
                random.Next(50) == 0 ? "text/plain" : "application/json");
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Patience);
            using var answer = await world.Http.PostAsync(path, content, limit.Token);
            var text = await answer.Content.ReadAsStringAsync(limit.Token);
            var shown = Encoding.UTF8.GetString(body);
            var said =
                $"seed {seed + i}: {path}\n{shown[..Math.Min(2_000, shown.Length)]}\n{(int)answer.StatusCode} {text}\n{world.Faults}";
            Assert.True((int)answer.StatusCode < 500, said);
            if (!answer.IsSuccessStatusCode)
                Assert.DoesNotContain(Insides,
                    word =>
                        text.Contains(word, StringComparison.Ordinal)
                            && !shown.Contains(word, StringComparison.Ordinal));
            lock (statuses) statuses[(int)answer.StatusCode] = statuses.GetValueOrDefault((int)answer.StatusCode) + 1;
        });
        foreach (var (status, times) in statuses) output.WriteLine($"{status}: {times}");
        Assert.True(statuses.Keys.Count > 2, $"expected answers of several kinds, found {string.Join(", ", statuses)}");
    }

    private static async Task<IReadOnlyList<(string Path, string Body)>> GoodAsync(Person person)
    {
        var all = new List<(string, string)>();
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
            all.Add(($"v1/commands/{entry.Name}",
                new JsonObject
                {
                    ["mode"] = "prepare",
                    ["as"] = person.Address.ToString(),
                    ["arguments"] = arguments,
                }.ToJsonString()));
        }

        var signing = await person.SignAsync("agents.register", new() { ["agentURI"] = "ipfs://x" });
        all.Add(("v1/commands/agents.register", signing.Body.ToJsonString()));
        var item = signing.Body;
        item["command"] = "agents.register";
        all.Add(("v1/commands:batch",
            new JsonObject { ["commands"] = new JsonArray(item.DeepClone(), item.DeepClone()) }.ToJsonString()));
        var raw = Hex.ToText(await person.SignTransactionAsync("agents.register", new() { ["agentURI"] = "ipfs://x" }));
        for (var i = 0; i < 20; i++) all.Add(("v1/transactions", new JsonObject { ["raw"] = raw }.ToJsonString()));
        for (var i = 0; i < 20; i++) all.Add(all.First(one => one.Item1 == "v1/commands:batch"));
        for (var i = 0; i < 20; i++) all.Add(("v1/commands/agents.register", signing.Body.ToJsonString()));
        return all;
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

    private static (
        string Path, byte[] Body) Mutated(Random random, IReadOnlyList<(string Path, string Body)> good, Person person)
    {
        var (path, text) = good[random.Next(good.Count)];
        var body = Encoding.UTF8.GetBytes(text);
        for (var i = random.Next(4); i > 0; i--)
        {
            switch (random.Next(7))
            {
                case 0:
                    body[random.Next(body.Length)] = (byte)random.Next(256);
                    break;
                case 1:
                    body = body[..random.Next(1, body.Length + 1)];
                    break;
                case 2:
                    var at = random.Next(body.Length);
                    body = [.. body[..at], .. Encoding.UTF8.GetBytes(Odd[random.Next(Odd.Length)]), .. body[at..]];
                    break;
                case 3:
                    // A value in the place of another.
                    var colon = Array.IndexOf(body, (byte)':', random.Next(body.Length));
                    if (colon < 0) break;
                    var end = Array.FindIndex(body, colon, b => b is (byte)',' or (byte)'}');
                    if (end > 0) body = [.. body[..(colon + 1)],
                        .. Encoding.UTF8.GetBytes(Odd[random.Next(Odd.Length)]), .. body[end..]];
                    break;
                case 4:
                    path = good[random.Next(good.Count)].Path;
                    break;
                case 5:
                    // Digits of a call or a signature.
                    var digit = Array.FindIndex(
                        body, random.Next(body.Length), b => b is >= (byte)'0' and <= (byte)'9');
                    if (digit >= 0) body[digit] = (byte)"0123456789abcdef"[random.Next(16)];
                    break;
                default:
                    path = random.Next(2) == 0
                        ? $"v1/commands/{Uri.EscapeDataString(new string((char)random.Next(1, 0x2ff), random.Next(1, 40)))}"
                        : path;
                    break;
            }

            if (body.Length == 0) body = "{"u8.ToArray();
        }

        _ = person;
        return (path, body);
    }
}
