// Voting on panels by a second run of the work. Enters: a job: one seat of one of our verifiers. Leaves: a hidden vote,
// and its opening in due time. Always holds: a dispute that re-execution cannot decide gets no vote, and the log says
// why; the choice is decided once for all processes, and the key alone is enough to read it back from the commitment.
using System.Text.Json;
using EventSourced.Domain.Court;
using EventSourced.Domain.Values;
using EventSourced.Ethereum;
using EventSourced.Workers.Documents;
using EventSourced.Workers.Hosted;
using EventSourced.Workers.Queueing;
using Microsoft.Extensions.Logging;

namespace EventSourced.Workers.Verifying;

/// <summary>A vote that was decided.</summary>
/// <param name="Choice">1 rejects the challenge, 2 upholds it.</param>
/// <param name="Justification">The finding's hash.</param>
public sealed record DecidedVote(byte Choice, string Justification);

/// <summary>Votes.</summary>
/// <param name="roster">The hosted verifiers.</param>
/// <param name="rows">The read models.</param>
/// <param name="judge">Judges.</param>
/// <param name="deputy">Acts for verifiers.</param>
/// <param name="keep">Keeps findings.</param>
/// <param name="log">The log of its events.</param>
public sealed class Voting(
    Roster roster, TaskRows rows, Judging judge, Deputy deputy, KeepContent keep, ILogger log)
{
    private const byte WrongResult = 1;
    private const byte Reject = 1;
    private const byte Uphold = 2;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly Ballot _ballot = new(deputy.Actor.Stage.ChainId, deputy.Actor.Stage["Disputes"]);

    /// <summary>One attempt at a seat.</summary>
    public async Task<JobEnd> GoAsync(HeldJob held, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(held);
        var job = held.Job;
        if (roster.Verifier(job.AgentId) is not { } verifier)
            return new JobEnd.Later(Again, $"verifier {job.AgentId} is not hosted here");
        var (round, attempt) = ((byte)(job.Round / 256), (byte)(job.Round % 256));
        var place = new PanelSeat(job.Subject, round, attempt, verifier.Id);
        if (await rows.SeatAsync(place, cancellation).ConfigureAwait(false) is not var (dispute, seat))
            return new JobEnd.Later(Again, "the index has no such seat now");
        if (dispute.Phase != Disputes.Phase.Voting || dispute.Round != round || dispute.Attempt != attempt)
            return new JobEnd.Done($"the dispute moved on: {dispute.Phase}, round {dispute.Round}");
        if (seat.Choice != Disputes.Ruling.None) return new JobEnd.Done($"voted {seat.Choice}");
        var now = await deputy.Actor.NowAsync(cancellation).ConfigureAwait(false);
        if (now >= (ulong)dispute.RevealEnd.Seconds) return new JobEnd.Done("the time to vote is over");
        if (now < (ulong)dispute.CommitEnd.Seconds)
            return seat.Commitment.IsZero
                ? await HideAsync(held, dispute, seat, place, verifier, now, cancellation).ConfigureAwait(false)
                : new JobEnd.Later(Until(dispute.CommitEnd, now), "hidden; waits until votes are opened");
        return seat.Commitment.IsZero
            ? new JobEnd.Done("no vote was hidden in time")
            : await OpenAsync(held, dispute, seat, place, verifier, cancellation).ConfigureAwait(false);
    }

    private static TimeSpan Until(Instant moment, ulong now)
    {
        var wait = TimeSpan.FromSeconds(Math.Max(1, moment.Seconds - (long)now));
        return wait < LongestWait ? wait : LongestWait;
    }

    private async Task<JobEnd> HideAsync(
        HeldJob held, Disputes.State dispute, Seats.State seat, PanelSeat place, HostedVerifier verifier, ulong now,
        CancellationToken cancellation)
    {
        var judgement = await JudgementAsync(dispute, cancellation).ConfigureAwait(false);
        var patience = seat.TakenAt.Seconds + (dispute.CommitEnd.Seconds - seat.TakenAt.Seconds) / 2;
        var isEarly = now < (ulong)patience;
        if (judgement is Judgement.Open { IsMissing: true } missing && isEarly)
            return new JobEnd.Later(Again, missing.Reason);
        if (judgement is Judgement.Open open)
        {
            log.Abstained(dispute.DisputeId, verifier.Id, open.Reason);
            return new JobEnd.Done($"abstains: {open.Reason}");
        }

        var made = (Judgement.Made)judgement;
        if (made.IsMissing && isEarly) return new JobEnd.Later(Again, $"{made.Finding.Differences[0]}");
        var justification = await keep(made.Finding.ToJson(), cancellation).ConfigureAwait(false);
        var vote = Read(await held.KeepOnceAsync(
            JsonSerializer.Serialize(
                new DecidedVote(made.Finding.IsRight ? Reject : Uphold, justification.ToString())),
            cancellation).ConfigureAwait(false));
        var commitment = _ballot.Commitment(place, vote.Choice, _ballot.Salt(verifier.Key, place));
        var deed = deputy.Actor.Stage.Deed(
            "disputes.commitVote", "Disputes", "commitVote", [dispute.DisputeId, verifier.Id, commitment],
            Key(place, "hide"), $"verifier {verifier.Id} votes in dispute {dispute.DisputeId}");
        var act = await deputy.DoAsync(deed, verifier.Key, cancellation).ConfigureAwait(false);
        if (act is Act.Refused { Code: not "AlreadyCommitted" } refused)
        {
            log.VoteRefused(dispute.DisputeId, verifier.Id, refused.Reason);
            return new JobEnd.Later(Again, refused.Reason);
        }

        log.VoteHidden(dispute.DisputeId, verifier.Id);
        return new JobEnd.Later(Until(dispute.CommitEnd, now), "hidden; waits until votes are opened");
    }

    private async Task<JobEnd> OpenAsync(
        HeldJob held, Disputes.State dispute, Seats.State seat, PanelSeat place, HostedVerifier verifier,
        CancellationToken cancellation)
    {
        var salt = _ballot.Salt(verifier.Key, place);
        if (_ballot.Opened(place, salt, new Hash32(seat.Commitment.ToArray())) is not { } choice)
            return new JobEnd.Done("the vote was hidden by somebody else's salt, and cannot be opened here");
        var justification = held.Kept is { } kept ? Hash32.Parse(Read(kept).Justification)
            : await JudgementAsync(dispute, cancellation).ConfigureAwait(false) is Judgement.Made made
                ? await keep(made.Finding.ToJson(), cancellation).ConfigureAwait(false) : Hash32.Zero;
        var deed = deputy.Actor.Stage.Deed(
            "disputes.revealVote", "Disputes", "revealVote",
            [dispute.DisputeId, verifier.Id, (ulong)choice, salt, justification], Key(place, "open"),
            $"verifier {verifier.Id} opens its vote in dispute {dispute.DisputeId}");
        var act = await deputy.DoAsync(deed, verifier.Key, cancellation).ConfigureAwait(false);
        if (act is Act.Refused { Code: not "AlreadyRevealed" } refused)
        {
            log.VoteRefused(dispute.DisputeId, verifier.Id, refused.Reason);
            return new JobEnd.Later(Again, refused.Reason);
        }

        log.VoteOpened(dispute.DisputeId, verifier.Id, choice);
        return new JobEnd.Done($"voted {choice}");
    }

    private async Task<Judgement> JudgementAsync(Disputes.State dispute, CancellationToken cancellation)
    {
        if (dispute.Kind != WrongResult)
            return new Judgement.Open($"kind {dispute.Kind} is not decided by re-execution", IsMissing: false);
        return await rows.TaskAsync(dispute.SubjectId, cancellation).ConfigureAwait(false) is { } found
            && await rows.DeliveryAsync(dispute.SubjectId, cancellation).ConfigureAwait(false) is { } delivery
            ? await judge.OfAsync(Judging.Delivered(found, delivery), cancellation).ConfigureAwait(false)
            : new Judgement.Open("the index has no such delivery", IsMissing: true);
    }

    private static DecidedVote Read(string kept) => JsonSerializer.Deserialize<DecidedVote>(kept)
        ?? throw new InvalidOperationException($"expected a vote, found '{kept}'");

    private static string Key(PanelSeat seat, string step) =>
        $"dispute-{seat.DisputeId}-{seat.Round}-{seat.Attempt}-{step}-{seat.VerifierId}";
}
