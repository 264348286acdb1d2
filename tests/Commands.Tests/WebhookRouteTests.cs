// Webhooks by HTTP: only the asker adds, sees and removes its addresses; what it is told is signed by the secret that
// it was given; a listener that never hears ends as a dead letter.
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EventSourced.Ethereum;
using EventSourced.Testing;

namespace EventSourced.Commands.Tests;

[Collection(CommandTests.Name)]
public class WebhookRouteTests(CommandWorld world)
{
    private const string DeadLetters =
        "select count(*) from commands.wolverine_dead_letters where message_type = 'webhook-delivery'";

    [Fact]
    public async Task An_asker_is_told_of_its_command_by_calls_that_its_secret_proves()
    {
        await using var listener = await HookListener.StartAsync(204);
        var person = await world.SomebodyAsync();
        var added = await AddAsync(person, $"{listener.Address}");
        Assert.True(added.Status == 201, $"{added}\n{world.Faults}");
        var secret = Convert.FromBase64String(((string)added.Body["secret"]!)["whsec_".Length..]);
        var done = await person.RelayAsync("agents.register", new() { ["agentURI"] = "ipfs://told" });
        await Eventually.TrueAsync(
            () => listener.Calls.Any(call => (string?)Json(call)["phase"] == "included"),
            () => string.Join('\n', listener.Calls.Select(call => Json(call).ToJsonString())));
        foreach (var call in listener.Calls)
        {
            // As Standard Webhooks writes it, told here in other words than the caller's.
            var signed = Encoding.UTF8.GetBytes($"{call.Id}.{call.Time}.{Encoding.UTF8.GetString(call.Body)}");
            Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, signed))}", call.Signature);
            Assert.Equal((string?)done["id"], (string?)Json(call)["id"]);
            // What is told is not older than the change that ordered the call.
            var version = int.Parse(call.Id[(call.Id.LastIndexOf('-') + 1)..]);
            Assert.True((int)Json(call)["version"]! >= version, $"expected version {version}, found {Json(call)}");
        }

        // Nobody else's command is told, and after the removal nothing is.
        var listed = await SignedAsync(person, ":list", "list", "all");
        Assert.Equal((string?)added.Body["id"], (string?)listed.Body["webhooks"]!.AsArray().Single()!["id"]);
        Assert.Null(listed.Body["webhooks"]![0]!["secret"]);
        var id = (string)added.Body["id"]!;
        var stranger = await world.SomebodyAsync();
        Assert.Equal((404, "NoSuchWebhook"), Of(await SignedAsync(stranger, ":remove", "remove", id, "id")));
        Assert.Equal(200, (await SignedAsync(person, ":remove", "remove", id, "id")).Status);
        listed = await SignedAsync(person, ":list", "list", "all");
        Assert.Empty(listed.Body["webhooks"]!.AsArray());
    }

    [Fact]
    public async Task A_listener_that_fails_every_call_gets_the_same_call_again_until_it_is_a_dead_letter()
    {
        await using var listener = await HookListener.StartAsync(500);
        var person = await world.SomebodyAsync();
        Assert.Equal(201, (await AddAsync(person, $"{listener.Address}")).Status);
        await person.RelayAsync("agents.register", new() { ["agentURI"] = "ipfs://unheard" });
        await Eventually.TrueAsync(
            async () => await CountAsync(DeadLetters) > 0, () => $"{listener.Calls.Count} calls\n{world.Faults}");
        var tries = listener.Calls.GroupBy(call => call.Id).Max(calls => calls.Count());
        Assert.Equal(1 + WriteTries, tries);
    }

    [Fact]
    public async Task A_wish_counts_only_as_it_was_signed_in_time_once_and_within_the_number()
    {
        var person = await world.SomebodyAsync();
        var stranger = await world.SomebodyAsync();
        var body = Signed(person, "add", "https://example.org/1", "address");
        Assert.Equal(201, (await person.PostAsync("v1/webhooks", body)).Status);
        Assert.Equal((403, "SignatureUsed"), Of(await person.PostAsync("v1/webhooks", body)));
        // Another second, another signature.
        Assert.Equal((409, "WebhookKnown"), Of(await AddAsync(person, "https://example.org/1", 301)));
        body = Signed(person, "add", "https://example.org/2", "address");
        body["address"] = "https://example.org/other";
        Assert.Equal((403, "SignatureForged"), Of(await person.PostAsync("v1/webhooks", body)));
        body = Signed(person, "list", "all");
        body["asker"] = $"{stranger.Address}";
        Assert.Equal((403, "SignatureForged"), Of(await person.PostAsync("v1/webhooks:list", body)));
        Assert.Equal((403, "DeadlinePassed"), Of(await AddAsync(person, "https://example.org/2", -1)));
        Assert.Equal((422, "DeadlineOutOfBounds"), Of(await AddAsync(person, "https://example.org/2", 3_600)));
        foreach (var address in new[]
        {
            "http://example.org/", "https://localhost/", "https://me:pw@example.org/", "https://a.org/\nlist all", "x",
        })
            Assert.Equal((400, "WrongBody"), Of(await AddAsync(person, address)));
        for (var i = 2; i <= Webhooks.MostOfAsker; i++)
            Assert.Equal(201, (await AddAsync(person, $"https://example.org/{i}")).Status);
        Assert.Equal((422, "TooManyWebhooks"), Of(await AddAsync(person, "https://example.org/too-many")));
    }

    [Fact]
    public async Task Those_who_add_at_once_have_no_more_addresses_than_the_number()
    {
        using var key = SigningKey.Generate();
        var webhooks = new Webhooks(world.Source);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            webhooks.AddAsync(key.Address, new Uri($"https://example.org/{i}"), CancellationToken.None)));
        Assert.Equal(
            Webhooks.MostOfAsker, await CountAsync(
                $"select count(*) from commands.webhook where asker = '\\x{Convert.ToHexString(key.Address.Bytes)}'"));
    }

    private static int WriteTries =>
        Host.Messaging.WriteSideLimits.Retries.Length + Host.Messaging.WriteSideLimits.LateRetries.Length;

    private static (int, string) Of(Answered answer) => (answer.Status, answer.Code);

    private static JsonNode Json(Heard call) => JsonNode.Parse(call.Body)!;

    private Task<Answered> AddAsync(Person person, string address, int seconds = 300) =>
        person.PostAsync("v1/webhooks", Signed(person, "add", address, "address", seconds));

    private Task<Answered> SignedAsync(
        Person person, string route, string action, string subject, string? member = null) =>
        person.PostAsync($"v1/webhooks{route}", Signed(person, action, subject, member));

    // The text as the page tells it to clients.
    private JsonObject Signed(
        Person person, string action, string subject, string? member = null, int seconds = 300)
    {
        var deadline = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds;
        var (chain, forwarder) = (DevNode.AnvilNode.ChainId, world.Contracts["Forwarder"].Address);
        var signature = person.Key.SignMessage(
            $"EventSourced webhooks\n{action} {subject}\nchain {chain}\nforwarder {forwarder}\ndeadline {deadline}");
        var body = new JsonObject
        {
            ["asker"] = $"{person.Address}",
            ["deadline"] = $"{deadline}",
            ["signature"] = Hex.ToText(signature.ToBytes()),
        };
        if (member is not null) body[member] = subject;
        return body;
    }

    private async Task<long> CountAsync(string question)
    {
        await using var command = world.Source.CreateCommand(question);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
