// The log of the verifiers. Enters: happenings, each with one event name. Leaves: lines of the log. Always holds: names
// are stored in alerts and never renamed; no key, no content and no salt is in them.
using Microsoft.Extensions.Logging;

namespace EventSourced.Workers.Verifying;

/// <summary>The events of the verifiers' log.</summary>
internal static partial class VerifierLog
{
    [LoggerMessage(441, LogLevel.Information, "found_right: task {Task}", EventName = "found_right")]
    internal static partial void FoundRight(this ILogger log, ulong task);

    [LoggerMessage(
        442, LogLevel.Warning, "found_wrong: task {Task} by agent {Agent}: {Difference}", EventName = "found_wrong")]
    internal static partial void FoundWrong(this ILogger log, ulong task, ulong agent, string difference);

    [LoggerMessage(443, LogLevel.Information, "not_judged: task {Task}: {Reason}", EventName = "not_judged")]
    internal static partial void NotJudged(this ILogger log, ulong task, string reason);

    [LoggerMessage(
        444, LogLevel.Warning, "challenged: task {Task} by verifier {Verifier}, kind {Kind}", EventName = "challenged")]
    internal static partial void Challenged(this ILogger log, ulong task, ulong verifier, byte kind);

    [LoggerMessage(
        445, LogLevel.Error, "challenge_refused: task {Task}: {Reasons}", EventName = "challenge_refused")]
    internal static partial void ChallengeRefused(this ILogger log, ulong task, string reasons);

    [LoggerMessage(
        446, LogLevel.Warning, "abstained: dispute {Dispute}, verifier {Verifier}: {Reason}", EventName = "abstained")]
    internal static partial void Abstained(this ILogger log, ulong dispute, ulong verifier, string reason);

    [LoggerMessage(
        447, LogLevel.Information, "vote_hidden: dispute {Dispute}, verifier {Verifier}", EventName = "vote_hidden")]
    internal static partial void VoteHidden(this ILogger log, ulong dispute, ulong verifier);

    [LoggerMessage(
        448, LogLevel.Information, "vote_opened: dispute {Dispute}, verifier {Verifier}: {Choice}",
        EventName = "vote_opened")]
    internal static partial void VoteOpened(this ILogger log, ulong dispute, ulong verifier, byte choice);

    [LoggerMessage(
        449, LogLevel.Warning, "vote_refused: dispute {Dispute}, verifier {Verifier}: {Reason}",
        EventName = "vote_refused")]
    internal static partial void VoteRefused(this ILogger log, ulong dispute, ulong verifier, string reason);
}
