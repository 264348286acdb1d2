// Checking delivered work, and challenging wrong work. Enters: a job: one delivery under review. Leaves: nothing if the
// work is right or cannot be judged; else one dispute, by a proof that the court checks itself (kind 2) or by
// re-execution (kind 1), with the finding's hash. Always holds: work that cannot be executed again is never challenged;
// missing content may come until half of the review's time is over; a challenge is one command by task.
using EventSourced.Domain.Market;
using EventSourced.Ethereum;
using EventSourced.Workers.Acting;
using EventSourced.Workers.Documents;
using EventSourced.Workers.Hosted;
using EventSourced.Workers.Queueing;
using Microsoft.Extensions.Logging;

namespace EventSourced.Workers.Verifying;

/// <summary>Checks deliveries.</summary>
/// <param name="roster">The hosted verifiers.</param>
/// <param name="rows">The read models.</param>
/// <param name="judge">Judges.</param>
/// <param name="deputy">Acts for verifiers.</param>
/// <param name="keep">Keeps findings.</param>
/// <param name="log">The log of its events.</param>
public sealed class Checking(
    Roster roster, TaskRows rows, Judging judge, Deputy deputy, KeepContent keep, ILogger log)
{
    private const byte WrongResult = 1;
    private const byte BadReceipt = 2;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    /// <summary>One attempt at a delivery.</summary>
    public async Task<JobEnd> GoAsync(HeldJob held, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(held);
        if (await rows.TaskAsync(held.Job.Subject, cancellation).ConfigureAwait(false) is not { } found
            || await rows.DeliveryAsync(held.Job.Subject, cancellation).ConfigureAwait(false) is not { } delivery)
            return new JobEnd.Later(Again, "the index has no such delivery now");
        if (found.Task.Status != Tasks.Status.Verifying)
            return new JobEnd.Done($"the task moved on: {found.Task.Status}");
        var now = await deputy.Actor.NowAsync(cancellation).ConfigureAwait(false);
        if (now >= (ulong)found.Task.ReviewEnd.Seconds) return new JobEnd.Done("the review is over");
        var judgement = await judge.OfAsync(Judging.Delivered(found, delivery), cancellation).ConfigureAwait(false);
        var patience = delivery.SubmittedAt.Seconds + (found.Task.ReviewEnd.Seconds - delivery.SubmittedAt.Seconds) / 2;
        var isEarly = now < (ulong)patience;
        switch (judgement)
        {
            case Judgement.Open { IsMissing: true } open when isEarly:
                return new JobEnd.Later(Again, open.Reason);
            case Judgement.Open open:
                log.NotJudged(found.Task.TaskId, open.Reason);
                return new JobEnd.Done($"not judged: {open.Reason}");
            case Judgement.Made { Finding.IsRight: true }:
                log.FoundRight(found.Task.TaskId);
                return new JobEnd.Done("right");
            case Judgement.Made { IsMissing: true } made when isEarly:
                return new JobEnd.Later(Again, $"{made.Finding.Differences[0]}");
            case Judgement.Made made:
                log.FoundWrong(found.Task.TaskId, delivery.AgentId, $"{made.Finding.Differences[0]}");
                return await ChallengeAsync(found.Task, made, cancellation).ConfigureAwait(false);
            default:
                throw new InvalidOperationException($"expected a judgement, found {judgement}");
        }
    }

    private async Task<JobEnd> ChallengeAsync(
        Tasks.State task, Judgement.Made made, CancellationToken cancellation)
    {
        var kind = made.Proof is null ? WrongResult : BadReceipt;
        if (kind == WrongResult && !task.IsOptimistic)
            return new JobEnd.Done($"wrong, and the client alone may challenge: {made.Finding.Differences[0]}");
        if ((task.RuledKinds >> kind & 1) != 0)
            return new JobEnd.Done($"wrong, and a challenge of kind {kind} was ruled before");
        var finding = await keep(made.Finding.ToJson(), cancellation).ConfigureAwait(false);
        var refusals = new List<string>();
        var challengers = roster.Challengers;
        // The verifiers take turns, so that no single bond carries all challenges.
        for (var at = 0; at < challengers.Count; at++)
        {
            var verifier = challengers[(int)((task.TaskId + (ulong)at) % (ulong)challengers.Count)];
            var act = await deputy.DoAsync(
                Wish(task, made, finding, verifier), verifier.Key, cancellation).ConfigureAwait(false);
            if (act is Act.Happened)
            {
                log.Challenged(task.TaskId, verifier.Id, kind);
                return new JobEnd.Done($"challenged by {verifier.Id}, kind {kind}");
            }

            var refused = (Act.Refused)act;
            // The task is in other hands: any further attempt would be refused as well.
            if (refused.Code is "WrongState" or "KindAlreadyRuled")
                return new JobEnd.Done($"wrong, and others were quicker: {refused.Reason}");
            refusals.Add($"{verifier.Id}: {refused.Reason}");
        }

        log.ChallengeRefused(task.TaskId, string.Join("; ", refusals));
        return new JobEnd.Later(
            Again * 5, $"wrong, and no verifier of ours may challenge: {string.Join("; ", refusals)}");
    }

    private Deed Wish(Tasks.State task, Judgement.Made made, Hash32 finding, HostedVerifier verifier)
    {
        var stage = deputy.Actor.Stage;
        var key = $"task-{task.TaskId}-{task.Round}-challenge-{verifier.Id}";
        // A proof's first byte names its form: 1 is the text of the receipt.
        return made.Proof is { } text
            ? stage.Deed(
                "disputes.prove", "Disputes", "prove", [task.TaskId, verifier.Id, (byte[])[1, .. text.Span]], key,
                $"verifier {verifier.Id} proves that the receipt of task {task.TaskId} is bad")
            : stage.Deed(
                "disputes.open", "Disputes", "open", [(ulong)WrongResult, task.TaskId, verifier.Id, finding], key,
                $"verifier {verifier.Id} challenges the result of task {task.TaskId}");
    }
}
