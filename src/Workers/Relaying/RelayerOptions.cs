// What the relayer does when, and how much. Every loop, batch and retry of it is bounded by a name that stands here.
using EventSourced.Ethereum;

namespace EventSourced.Workers.Relaying;

/// <summary>The bounds and the pace of the relayer.</summary>
public sealed record RelayerOptions
{
    /// <summary>The chain.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>Transactions of one account that no block holds yet.</summary>
    public int InFlight { get; init; } = 128;

    /// <summary>Commands that one transaction of the database signs.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>The least time between two of them: commands that come together are signed together.</summary>
    public TimeSpan SignEvery { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often the queue is looked at without a notification.</summary>
    public TimeSpan LookAgain { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a node's word may wait before the journal says that it has taken a transaction.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the newest block is asked for.</summary>
    public TimeSpan HeadPoll { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it is asked for while no command waits for a block.</summary>
    public TimeSpan IdleHeadPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after the last command that came the newest block is asked for at the quick pace.</summary>
    public TimeSpan BusyFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long fees and the chain's clock are believed.</summary>
    public TimeSpan QuoteAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After how long without a block a transaction is sent again as it is.</summary>
    public TimeSpan ResendAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After how long the transaction that all others wait for is replaced by a dearer one.</summary>
    public TimeSpan BumpAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a nonce that was given up waits for the next command before an empty transaction fills it.
    /// </summary>
    public TimeSpan GapPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often stuck transactions, gaps and deadlines are looked for.</summary>
    public TimeSpan MendEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often balances and key files are looked at.</summary>
    public TimeSpan AccountsEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a fault of database or node pauses a loop.</summary>
    public TimeSpan FaultPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The most wei that a unit of gas may cost, tip and base fee together.</summary>
    public ulong FeeCapWei { get; init; } = 1_000_000_000_000;

    /// <summary>How often one nonce's transaction is replaced before an operator must look.</summary>
    public int MostReplacements { get; init; } = 12;

    /// <summary>
    /// How often a node may refuse a transaction for a reason that we do not know before it is given up.
    /// </summary>
    public int MostRefusals { get; init; } = 5;

    /// <summary>How long the bytes of a signed transaction are kept after its nonce is final.</summary>
    public TimeSpan KeepSent { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long a command that is over is kept, with journal and idempotency key. Much longer than any deadline.
    /// </summary>
    public TimeSpan KeepCommands { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How often what is older than that is looked for.</summary>
    public TimeSpan ForgetEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Commands, and transactions, that one such look forgets.</summary>
    public int ForgetBatch { get; init; } = 2_000;

    /// <summary>Transactions or commands that one look of the watch reads.</summary>
    public int LookBatch { get; init; } = 500;

    /// <summary>Rounds of one look; what is left waits for the next block.</summary>
    public int MostRounds { get; init; } = 40;

    /// <summary>
    /// Blocks whose hashes are kept to find a fork; a deeper one makes the watch check all included commands.
    /// </summary>
    public int Window { get; init; } = 256;

    /// <summary>Whether the node's own tag "finalized" is believed.</summary>
    public bool FinalityByTag { get; init; }

    /// <summary>How many blocks under the newest are final where the tag is not believed.</summary>
    public ulong FinalityDepth { get; init; } = 64;

    /// <summary>Below how many wei an account's balance is an alarm.</summary>
    public UInt256 LowBalanceWei { get; init; } = 50_000_000_000_000_000;

    /// <summary>The names of contracts' errors, for reasons in words.</summary>
    public EventSourced.Chain.Sending.Refusals? Refusals { get; init; }
}
