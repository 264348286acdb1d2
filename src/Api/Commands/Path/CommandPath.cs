// The one path of every command. Enters: a body that was read, and who brought it. Leaves: an answer. Always holds: the
// steps come in this order, and a command that fails one reaches none behind it: schema, signature, authorization and
// load, Decide, simulation, journal. Nothing here signs, and nothing is changed before the journal; what was accepted,
// the relayer sends once.
using System.Diagnostics;
using System.Text.Json;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Api.Commands.Checks;
using EventSourced.Api.Commands.Limits;
using EventSourced.Chain.Encoding;
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.Api.Commands.Path;

/// <summary>The caller that brings a command.</summary>
/// <param name="Network">Its network address, as limits count it.</param>
/// <param name="IsTrusted">Whether no bucket counts it.</param>
/// <param name="Key">Its idempotency key; null: the body's own hash.</param>
internal sealed record Caller(string Network, bool IsTrusted, string? Key);

/// <summary>Prepares and takes commands.</summary>
internal sealed class CommandPath(
    Economy economy, Judge judge, Rehearsal rehearsal, SignatureCheck signatures, RequestQueue queue, ChainClock clock,
    Gate gate, Acceptance acceptance, CommandReads reads)
{
    /// <summary>Says what a command would do and what is to be signed; changes nothing.</summary>
    public async Task<Reply> PrepareAsync(CommandEntry entry, JsonElement body, CancellationToken cancellation)
    {
        var members = new Members(body, "", "mode", "command", "as", "arguments", "validSeconds");
        var sender = members.Address("as");
        var seconds = members.Has("validSeconds") ? members.Number("validSeconds") : Prepared.UsualSeconds;
        if (members.Problem is { } wrong) return wrong;
        if (seconds is 0 || seconds > (ulong)LimitTable.Life.Most) return Gate.OutOfLife(seconds);
        var given = body.TryGetProperty("arguments", out var json) ? json : JsonElement.Parse("{}");
        if (!ArgumentReader.TryRead(
            given, entry.Function.Inputs, "arguments", out var arguments, out var malformed)) return malformed!;
        var data = entry.Function.EncodeCall(arguments);
        var verdict = await judge.DecideAsync(entry, sender, arguments, cancellation).ConfigureAwait(false);
        if (verdict.Problem is { } refused) return refused;
        var (simulated, refusal) = await rehearsal.OwnAsync(
            entry, sender, data, null, cancellation).ConfigureAwait(false);
        if (refusal is not null) return refusal with { Block = verdict.Block };
        return new Prepared(entry, economy, sender, data, verdict, simulated!).Reply(
            await clock.TransactionNonceAsync(sender, cancellation).ConfigureAwait(false),
            entry.Contract.TakesForwarded ? await queue.NextAsync(sender, cancellation).ConfigureAwait(false) : null,
            await clock.PricesAsync(cancellation).ConfigureAwait(false),
            await clock.NowAsync(cancellation).ConfigureAwait(false), seconds);
    }

    /// <summary>Takes a request that its sender has signed; the relayer pays for it.</summary>
    public async Task<Reply> RelayAsync(
        CommandEntry entry, JsonElement body, Caller caller, CancellationToken cancellation)
    {
        if (!SignedWish.TryRead(body, entry, economy, out var wish, out var malformed)) return malformed!;
        var forward = (Payload.Forward)wish!.Payload;
        if (!signatures.IsOwn(forward, out var numbers))
        {
            return await gate.ForgedAsync(caller, cancellation).ConfigureAwait(false)
                ?? numbers ?? await signatures.NameAsync(forward, cancellation).ConfigureAwait(false);
        }

        using var place = gate.Enter(wish.Sender);
        if (place is null) return Gate.TooMany(LimitTable.PerIdentity);
        if (await gate.AdmitAsync(caller, wish, cancellation).ConfigureAwait(false) is { } limited) return limited;
        var now = await clock.NowAsync(cancellation).ConfigureAwait(false);
        if (await TimelyAsync(forward, now.Seconds, cancellation).ConfigureAwait(false) is { } late)
            return await reads.FindAsync(wish, caller, cancellation).ConfigureAwait(false) ?? late;
        return await TakeAsync(wish, caller, cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes a transaction that its sender has signed and pays for.</summary>
    public async Task<Reply> SendAsync(JsonElement body, Caller caller, CancellationToken cancellation)
    {
        var members = new Members(body, "", "raw", "idempotencyKey");
        var raw = members.Bytes("raw");
        if (members.Problem is { } wrong) return wrong;
        if (!SignedWish.TryRead(raw, economy, out var wish, out var malformed)) return malformed!;
        using var place = gate.Enter(wish!.Sender);
        if (place is null) return Gate.TooMany(LimitTable.PerIdentity);
        if (await gate.AdmitAsync(caller, wish, cancellation).ConfigureAwait(false) is { } limited) return limited;
        if (await reads.FindAsync(wish, caller, cancellation).ConfigureAwait(false) is { } known) return known;
        var next = await clock.TransactionsAsync(wish.Sender, cancellation).ConfigureAwait(false);
        if (((Payload.Raw)wish.Payload).Nonce is var nonce && nonce < next)
            return Problem.Unsigned(
                "NonceUsed", $"a nonce from {next}", $"{nonce}: the chain has a transaction of {wish.Sender} with it");
        return await TakeAsync(wish, caller, cancellation).ConfigureAwait(false);
    }

    // Behind the signature, both ways are one.
    private async Task<Reply> TakeAsync(SignedWish wish, Caller caller, CancellationToken cancellation)
    {
        var verdict = await judge.DecideAsync(
            wish.Entry, wish.Sender, wish.Arguments, cancellation).ConfigureAwait(false);
        if (verdict.Problem is { } refused)
            return await reads.FindAsync(wish, caller, cancellation).ConfigureAwait(false) ?? refused;
        var data = wish.Entry.Function.EncodeCall(wish.Arguments);
        var (simulated, refusal) = wish.Payload is Payload.Forward forward
            ? await rehearsal.ForwardedAsync(
                wish.Entry, wish.Sender, data, forward.Request.GasLimit, cancellation).ConfigureAwait(false)
            : await rehearsal.OwnAsync(wish.Entry, wish.Sender, data, null, cancellation).ConfigureAwait(false);
        if (refusal is not null)
            return await reads.FindAsync(wish, caller, cancellation).ConfigureAwait(false)
                ?? refusal with { Block = verdict.Block };
        var submission = new Submission(
            wish.Entry.Name, wish.Sender, caller.Key ?? wish.BodyHash.ToString(), wish.BodyHash,
            Activity.Current?.TraceId.ToHexString() ?? Guid.NewGuid().ToString("N"), wish.Payload,
            new Simulation(simulated!.GasUsed, Cut(verdict.Effect)));
        return Accepted.Of(
            await acceptance.AcceptAsync(submission, cancellation).ConfigureAwait(false), submission, verdict.Block);
    }

    private async Task<Problem?> TimelyAsync(Payload.Forward forward, long now, CancellationToken cancellation)
    {
        var request = forward.Request;
        if (request.DeadlineSeconds <= (ulong)now)
            return Problem.Unsigned("DeadlinePassed", $"a deadline after {now}", $"{request.DeadlineSeconds}");
        if (request.DeadlineSeconds - (ulong)now > (ulong)LimitTable.Life.Most) return Gate
            .OutOfLife(request.DeadlineSeconds - (ulong)now);
        if (await queue.NextAsync(request.From, cancellation).ConfigureAwait(false) is not { } next)
            return new Problem(429, "TooManyWaiting",
                $"fewer than {RequestQueue.MostWaiting} requests of one sender on their way", "as many");
        return request.Nonce < next ? Problem.Unsigned(
            "NonceUsed", $"nonce {next}", $"nonce {request.Nonce}: it was used, or is on its way")
            : request.Nonce > next ? Problem.Unsigned("NonceAhead", $"nonce {next}", $"nonce {request.Nonce}")
            : null;
    }

    private static string Cut(string effect) =>
        effect.Length <= Submission.MostEffect ? effect : effect[..Submission.MostEffect];
}
