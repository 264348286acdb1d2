// An agent's door to the economy. Enters: typed commands, or names with arguments. Leaves: the outcomes of these
// commands. Always holds: prepare, check, sign, hand in under a key that is made once; a command that is handed in
// again after a lost answer is the same command; a refused one was not taken. Commands of one client go one after the
// other, because each takes the next nonce; watching and reading go side by side.
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using EventSourced.Ethereum;

namespace EventSourced.Client;

/// <summary>Prepares, signs, sends and follows commands.</summary>
public sealed class EconomyClient : IDisposable
{
    private static readonly string[] TakenMeanwhile = ["NonceUsed", "NonceAhead", "DeadlinePassed"];
    private static readonly string TaskQuestion =
        "query($id: ID!) { task(id: $id) { id status client agentId maxPrice price bidCount disputeId "
        + "workLeases(last: 1) { nodes { leaseId status } } } }";
    private static readonly string AgentsQuestion =
        "query($owner: Address!) { agents(where: { owner: { eq: $owner } }) "
        + "{ nodes { agentId owner status uri } } }";

    private const string MetaQuestion = "{ _meta { block { number timestamp } chainHead } }";

    private readonly Signer _signer;
    private readonly ClientOptions _options;
    private readonly Door _door;
    private readonly Way _way;
    private readonly Trust _trust;
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>A client of one address; the HttpClient's BaseAddress is the host's, and ends with a slash.</summary>
    public EconomyClient(HttpClient http, Signer signer, ClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(signer);
        (_signer, _options) = (signer, options ?? new ClientOptions());
        _door = new Door(http, _options);
        _way = new Way(http, _door, _options);
        _trust = new Trust(signer.Address, _options);
        Content = new ContentClient(_door);
    }

    /// <summary>Content by its hash.</summary>
    public ContentClient Content { get; }

    /// <summary>The address that acts.</summary>
    public Address Address => _signer.Address;

    /// <summary>The effect that a command would have now; changes nothing.</summary>
    public async Task<Prepared> PrepareAsync(Command command, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        var body = new JsonObject
        {
            ["mode"] = "prepare",
            ["as"] = Address.ToString(),
            ["arguments"] = command.Arguments,
        };
        var answer = await _door.PostAsync(
            $"v1/commands/{CommandForm.Of(command.Name).Name}", body.ToJsonString(), null, cancellation)
            .ConfigureAwait(false);
        return Read(answer.Body, AnswerJson.Default.Prepared);
    }

    /// <summary>Prepares a command, checks the text that the server wants signed, and signs it.</summary>
    public Task<SignedCommand> SignAsync(Command command, CancellationToken cancellation = default) =>
        SignAsync(command, SignedCommand.NewKey(), cancellation);

    /// <summary>Hands a signed command in; handed in again it is the same command.</summary>
    public async Task<CommandStatus> RelayAsync(SignedCommand signed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(signed);
        try
        {
            var answer = await _door.PostAsync(signed.Path, signed.Body, signed.IdempotencyKey, cancellation)
                .ConfigureAwait(false);
            return Read(answer.Body, AnswerJson.Default.CommandStatus);
        }
        catch (UnansweredException lost)
        {
            throw new UnansweredException(signed.Name, lost.InnerException) { Signed = signed };
        }
    }

    /// <summary>Prepares, signs and hands in; returns when the command is in the journal.</summary>
    public async Task<CommandStatus> SendAsync(Command command, CancellationToken cancellation = default)
    {
        var key = SignedCommand.NewKey();
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            for (var signing = 1; ; signing++)
            {
                var signed = await SignAsync(command, key, cancellation).ConfigureAwait(false);
                try
                {
                    return await RelayAsync(signed, cancellation).ConfigureAwait(false);
                }
                catch (CommandRefusedException refusal) when (
                    signing < _options.MostSignings && TakenMeanwhile.Contains(refusal.Problem.Code))
                {
                    // Somebody else acts as this address too: the same command and key, with the next nonce.
                }
                catch (CommandRefusedException refusal) when (
                    signing > 1 && refusal.Problem.Code == "IdempotencyKeyReused" && refusal.Location is not null)
                {
                    // An earlier signing was taken after all, and its answer was lost.
                    return await _way.StatusAsync(IdOf(refusal.Location), cancellation).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The same for any of the catalog's commands by its name.</summary>
    public Task<CommandStatus> SendAsync(
        string name, JsonObject arguments, CancellationToken cancellation = default) =>
        SendAsync(Command.Of(name, arguments), cancellation);

    /// <summary>Sends a command and waits until it happened; a command that did not happen is a fault.</summary>
    public async Task<CommandStatus> DoAsync(
        Command command, Stage stage = Stage.Finalized, CancellationToken cancellation = default)
    {
        var taken = await SendAsync(command, cancellation).ConfigureAwait(false);
        var status = await WaitAsync(taken.Id, stage, cancellation).ConfigureAwait(false);
        return status.Succeeded == true ? status : throw new CommandFailedException(status);
    }

    /// <summary>How a command is.</summary>
    public Task<CommandStatus> StatusAsync(Guid id, CancellationToken cancellation = default) =>
        _way.StatusAsync(id, cancellation);

    /// <summary>The way of a command, until nothing can happen to it any more.</summary>
    public IAsyncEnumerable<CommandStatus> WatchAsync(Guid id, CancellationToken cancellation = default) =>
        _way.WatchAsync(id, cancellation);

    /// <summary>Waits until a command has come so far, or is over.</summary>
    public async Task<CommandStatus> WaitAsync(
        Guid id, Stage stage = Stage.Finalized, CancellationToken cancellation = default)
    {
        await foreach (var status in _way.WatchAsync(id, cancellation).ConfigureAwait(false))
            if (status.IsAt(stage)) return status;
        return await StatusAsync(id, cancellation).ConfigureAwait(false);
    }

    /// <summary>Asks the index; the members of <c>data</c> are the type's.</summary>
    public async Task<T> QueryAsync<T>(
        string query, JsonObject? variables, JsonTypeInfo<T> type, CancellationToken cancellation = default)
    {
        var body = new JsonObject { ["query"] = query, ["variables"] = variables };
        var answer = await _door.PostAsync("graphql", body.ToJsonString(), null, cancellation).ConfigureAwait(false);
        using var json = Parsed(answer.Body);
        if (json.RootElement.TryGetProperty("errors", out var errors))
            throw new QueryRefusedException(errors.GetRawText());
        return json.RootElement.TryGetProperty("data", out var data) && data.Deserialize(type) is { } found
            ? found
            : throw new UntrustedAnswerException("data", "none");
    }

    /// <summary>A task, by its number; null: the index has none.</summary>
    public async Task<TaskRow?> TaskAsync(UInt256 taskId, CancellationToken cancellation = default) =>
        (await QueryAsync(
            TaskQuestion, new JsonObject { ["id"] = $"task-{taskId}" }, AnswerJson.Default.TaskAnswer, cancellation)
            .ConfigureAwait(false)).Task;

    /// <summary>The block that the index has come to; null: it has none yet.</summary>
    public async Task<BlockRow?> BlockAsync(CancellationToken cancellation = default) =>
        (await QueryAsync(MetaQuestion, null, AnswerJson.Default.MetaAnswer, cancellation).ConfigureAwait(false))
        .Meta.Block;

    /// <summary>The agents of an owner.</summary>
    public async Task<IReadOnlyList<AgentRow>> AgentsAsync(Address owner, CancellationToken cancellation = default) =>
        (await QueryAsync(
            AgentsQuestion, new JsonObject { ["owner"] = owner.ToString() }, AnswerJson.Default.AgentsAnswer,
            cancellation).ConfigureAwait(false)).Agents.Items;

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    internal static T Read<T>(byte[] body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new UntrustedAnswerException("an object", "null");
        }
        catch (JsonException other)
        {
            throw new UntrustedAnswerException(typeof(T).Name, other.Message);
        }
    }

    private async Task<SignedCommand> SignAsync(Command command, string key, CancellationToken cancellation)
    {
        var form = CommandForm.Of(command.Name);
        var prepared = await PrepareAsync(command, cancellation).ConfigureAwait(false);
        if (prepared.Relay is { } relay && form.IsRelayed)
        {
            var request = _trust.Request(command, form, relay);
            var signature = await _signer.SignAsync(request, cancellation).ConfigureAwait(false);
            return new SignedCommand(
                form.Name, key, $"v1/commands/{form.Name}", request.Signed(signature).ToJsonString());
        }

        if (prepared.Transaction is not { } given)
            throw new UntrustedAnswerException("what is to be signed", "nothing");
        var raw = await _trust.Transaction(command, form, given).SignAsync(_signer, cancellation).ConfigureAwait(false);
        return new SignedCommand(
            form.Name, key, "v1/transactions", new JsonObject { ["raw"] = Hex.ToText(raw) }.ToJsonString());
    }

    private static JsonDocument Parsed(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException other)
        {
            throw new UntrustedAnswerException("JSON", other.Message);
        }
    }

    private static Guid IdOf(Uri location) =>
        Guid.TryParse(location.ToString().Split('/')[^1], out var id)
            ? id
            : throw new UntrustedAnswerException("the place of a command", "another one");
}
