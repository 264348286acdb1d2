// The log of the relayer. Enters: happenings, each with one event name. Leaves: lines of the log. Always holds: names
// are stored in alerts and never renamed; no key, no payload and no signature is in them.
using Microsoft.Extensions.Logging;

namespace EventSourced.Workers.Relaying;

/// <summary>The events of the relayer's log.</summary>
internal static partial class RelayLog
{
    [LoggerMessage(101, LogLevel.Warning, "relay_fault_survived: {Part}: {Fault}", EventName = "relay_fault_survived")]
    internal static partial void RelayFaultSurvived(this ILogger log, string part, string fault);

    [LoggerMessage(
        102, LogLevel.Warning, "relay_node_refused: {Hash}, {Meaning}: {Words}", EventName = "relay_node_refused")]
    internal static partial void NodeRefused(this ILogger log, string hash, Sending meaning, string words);

    [LoggerMessage(
        103, LogLevel.Warning, "relay_reorg: {Commands} commands went back to broadcast", EventName = "relay_reorg")]
    internal static partial void RelayReorg(this ILogger log, int commands);

    [LoggerMessage(104, LogLevel.Warning, "relay_replaced: nonce {Nonce} of {Account} at {FeeWei} wei",
        EventName = "relay_replaced")]
    internal static partial void Replaced(this ILogger log, ulong nonce, string account, ulong feeWei);

    [LoggerMessage(105, LogLevel.Error,
        "relay_stuck: nonce {Nonce} of {Account}: expected a fee under {CapWei} wei and at most {Most} replacements to be enough, found it not mined",
        EventName = "relay_stuck")]
    internal static partial void Stuck(this ILogger log, ulong nonce, string account, ulong capWei, int most);

    [LoggerMessage(
        106, LogLevel.Warning, "relay_gap_filled: nonce {Nonce} of {Account}", EventName = "relay_gap_filled")]
    internal static partial void GapFilled(this ILogger log, ulong nonce, string account);

    [LoggerMessage(107, LogLevel.Information, "relay_leads: this process watches the chain for the relayer",
        EventName = "relay_leads")]
    internal static partial void Leads(this ILogger log);

    [LoggerMessage(108, LogLevel.Error,
        "relay_nonce_foreign: nonce {Nonce} of {Account} was used by a transaction that is none of ours",
        EventName = "relay_nonce_foreign")]
    internal static partial void ForeignNonce(this ILogger log, ulong nonce, string account);

    [LoggerMessage(109, LogLevel.Debug, "relay_forgotten: {Commands} commands and {Transactions} transactions",
        EventName = "relay_forgotten")]
    internal static partial void Forgotten(this ILogger log, int commands, int transactions);
}
