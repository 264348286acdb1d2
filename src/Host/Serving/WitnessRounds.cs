// The log's side of its witnesses: each new checkpoint is sent to all of them, and served when enough have cosigned.
// Enters: signed checkpoints in the database, a policy with the witnesses' addresses. Leaves: published checkpoints.
// Always holds: a cosignature is kept only if it holds; a silent witness delays nobody where the policy is met without
// it; every published checkpoint meets the policy's quorum.
using System.Text;
using EventSourced.Api.Log;
using EventSourced.Tables;
using EventSourced.Transparency;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventSourced.Host.Serving;

/// <summary>Asks witnesses for cosignatures.</summary>
public sealed class WitnessRounds(NpgsqlDataSource database, TrustPolicy policy, HttpClient http, ILogger log)
{
    // A witness may once know another size than we believe. Twice in a row means that it serves another party at the
    // same time.
    private const int MostAttempts = 3;
    private const int MostAnswerBytes = TransparencyLimits.NoteBytes;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly StoredLog _stored = new(database);
    private readonly Dictionary<Uri, long> _known = [];

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
        {
            try
            {
                await RoundAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception fault) when (
                fault is NpgsqlException or HttpRequestException or IOException or TransparencyFormatException)
            {
                log.WitnessRoundFailed(fault.Message);
            }
        }
    }

    /// <summary>
    /// Sends the newest checkpoint to every witness, unless it is published already. Answers whether it is published
    /// now.
    /// </summary>
    public async Task<bool> RoundAsync(CancellationToken cancellation)
    {
        var checkpoints = await _stored.CheckpointsAsync(cancellation).ConfigureAwait(false);
        if (checkpoints.Signed is not { } text || checkpoints.SignedSize <= checkpoints.PublishedSize) return false;
        var signed = SignedCheckpoint.Parse(Encoding.UTF8.GetBytes(text));
        var prover = new TileProver(TileAsync, signed.Checkpoint.Size, signed.Checkpoint.Root);
        var answers = await Task.WhenAll(policy.WitnessAddresses.GroupBy(pair => pair.Value, pair => pair.Key)
            .Select(witness => AskAsync(witness.Key, [.. witness], signed, prover, cancellation)))
                .ConfigureAwait(false);
        var cosigned = signed.With(answers.SelectMany(answer => answer));
        var known = cosigned.Note.Judge(policy.Witnesses);
        if (policy.Quorum is { } quorum
            && !quorum.IsMet(known.Verified.Select(one => one.Key).ToHashSet())) return false;
        await using var connection = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await LogTable.PublishAsync(
            connection, $"{cosigned}", signed.Checkpoint.Size, cancellation).ConfigureAwait(false);
        return true;
    }

    private async Task<IEnumerable<NoteSignature>> AskAsync(
        Uri witness, IReadOnlyList<VerifierKey> keys, SignedCheckpoint signed, TileProver prover,
        CancellationToken cancellation)
    {
        long known;
        lock (_known) known = Math.Min(_known.GetValueOrDefault(witness), signed.Checkpoint.Size);
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var proof = await prover.ExtendAsync(known, cancellation).ConfigureAwait(false);
            var reply = await PostAsync(witness, keys, new AddCheckpointRequest(known, proof, signed), cancellation)
                .ConfigureAwait(false);
            if (reply.Cosigned is { } cosigned)
            {
                lock (_known) _known[witness] = signed.Checkpoint.Size;
                return cosigned.Note.Signatures.Skip(signed.Note.Signatures.Count);
            }

            if (reply.KnownSize is not { } size)
            {
                log.WitnessRefused(witness.Authority, reply.Refusal!);
                return [];
            }

            known = size;
        }

        return [];
    }

    private async Task<WitnessReply> PostAsync(
        Uri witness, IReadOnlyList<VerifierKey> keys, AddCheckpointRequest request, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerWithin);
        try
        {
            using var body = new StringContent($"{request}", Encoding.UTF8, "text/plain");
            var address = new Uri($"{witness.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{AddCheckpointRequest.Path}");
            using var answer = await http.PostAsync(address, body, limit.Token).ConfigureAwait(false);
            if (answer.Content.Headers.ContentLength > MostAnswerBytes) return new WitnessReply(
                null, null, "expected a short answer, found a long one");
            await answer.Content.LoadIntoBufferAsync(MostAnswerBytes, limit.Token).ConfigureAwait(false);
            var text = await answer.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
            return WitnessReply.Read(request.Checkpoint, keys, (int)answer.StatusCode, text);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested
            && fault is HttpRequestException or IOException or OperationCanceledException)
        {
            return new WitnessReply(
                null, null, $"expected an answer within {AnswerWithin.TotalSeconds} s, found: {fault.Message}");
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> TileAsync(TilePath path, CancellationToken cancellation) =>
        await _stored.TileAsync(path, cancellation).ConfigureAwait(false)
        ?? throw new IOException($"expected {path} in the log, found none so wide");
}
