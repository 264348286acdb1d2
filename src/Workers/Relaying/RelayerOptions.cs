// The pace and the bounds of the relayer. Every loop, batch and retry of it is bounded by a name in this file.
using EventSourced.Ethereum;

namespace EventSourced.Workers.Relaying;

/// <summary>The bounds and the pace of the relayer.</summary>
public sealed record RelayerOptions
{
    /// <summary>The chain.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>The number of transactions of one account that may wait for a block.</summary>
    public int InFlight { get; init; } = 128;

    /// <summary>The number of commands that one transaction of the database signs.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>
    /// The shortest time between two such transactions: commands that come together are signed together.
    /// </summary>
    public TimeSpan SignEvery { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The interval of looks at the queue without a notification.</summary>
    public TimeSpan LookAgain { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The time that a node's acceptance of a transaction may wait before the journal records it.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The interval of questions for the newest block.</summary>
    public TimeSpan HeadPoll { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The same interval while no command waits for a block.</summary>
    public TimeSpan IdleHeadPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The time after the last new command during which the quick interval is used.</summary>
    public TimeSpan BusyFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time for which fees and the chain's clock are reused.</summary>
    public TimeSpan QuoteAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The time without a block after which a transaction is sent again unchanged.</summary>
    public TimeSpan ResendAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time after which the transaction that blocks all others is replaced by a dearer one.</summary>
    public TimeSpan BumpAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time that a given-up nonce waits for the next command before an empty transaction fills it.
    /// </summary>
    public TimeSpan GapPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The interval of looks for stuck transactions, gaps and deadlines.</summary>
    public TimeSpan MendEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The interval of looks at balances and key files.</summary>
    public TimeSpan AccountsEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause of a loop after a fault of database or node.</summary>
    public TimeSpan FaultPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The highest price of a unit of gas in wei, tip and base fee together.</summary>
    public ulong FeeCapWei { get; init; } = 1_000_000_000_000;

    /// <summary>The number of replacements of one nonce's transaction after which an operator must look.</summary>
    public int MostReplacements { get; init; } = 12;

    /// <summary>The number of refusals by a node for an unknown reason after which a transaction is given up.</summary>
    public int MostRefusals { get; init; } = 5;

    /// <summary>The time that the bytes of a signed transaction are kept after its nonce is final.</summary>
    public TimeSpan KeepSent { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The time that a finished command is kept, with journal and idempotency key. It is much longer than any deadline.
    /// </summary>
    public TimeSpan KeepCommands { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The interval of looks for rows that are older than that.</summary>
    public TimeSpan ForgetEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The number of commands, and of transactions, that one such look forgets.</summary>
    public int ForgetBatch { get; init; } = 2_000;

    /// <summary>The number of transactions or commands that one look of the watch reads.</summary>
    public int LookBatch { get; init; } = 500;

    /// <summary>The number of rounds of one look; the rest waits for the next block.</summary>
    public int MostRounds { get; init; } = 40;

    /// <summary>
    /// The number of blocks whose hashes are kept to find a fork. A deeper fork makes the watch check all included
    /// commands.
    /// </summary>
    public int Window { get; init; } = 256;

    /// <summary>Whether the node's own tag "finalized" is believed.</summary>
    public bool FinalityByTag { get; init; }

    /// <summary>
    /// The number of blocks under the newest one from which on a block is final, if the tag is not believed.
    /// </summary>
    public ulong FinalityDepth { get; init; } = 64;

    /// <summary>The balance in wei below which an account raises an alarm.</summary>
    public UInt256 LowBalanceWei { get; init; } = 50_000_000_000_000_000;

    /// <summary>The names of contracts' errors, for reasons in words.</summary>
    public EventSourced.Chain.Sending.Refusals? Refusals { get; init; }
}
