// The page that tells the limits, written from the table that the code keeps. Enters: the table. Leaves: Markdown.
// Always holds: a test compares it with the file, so the page cannot say another number than the code.
using System.Globalization;
using System.Text;

namespace EventSourced.Api.Commands.Limits;

/// <summary>Writes the page.</summary>
public static class LimitPage
{
    /// <summary>Where it stands.</summary>
    public const string File = "docs/security/agent_abuse_controls.md";

    /// <summary>Its text.</summary>
    public static string Text()
    {
        var page = new StringBuilder(
            """
            # Abuse controls of the commands

            Written by `./es host limits` from the table that the code keeps (`src/Api/Commands/Limits/LimitTable.cs`); a test compares them. A refusal
            is problem+json with `code`, `expected`, `found`, and `limit`, the name in the first column; 429 and 503 come with `Retry-After`.

            ## Buckets

            A request takes one token of each bucket that counts it. Buckets are rows of PostgreSQL (`commands.bucket`): they hold for every process on the
            database and survive restarts. An address of IPv6 is counted by its network of 64 bits. An identity is an address whose signature was checked.
            A bucket that is empty answers 429 `TooManyRequests`.

            | limit | of one | tokens | holds | what takes one |
            |---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var bucket in LimitTable.Buckets)
            page.Append(CultureInfo.InvariantCulture,
                $"| `{bucket.Name}` | {bucket.Of} | {bucket.Tokens} in {Words(bucket.Every)} | {bucket.Burst} | {bucket.Words} |\n");
        page.Append(string.Create(
            CultureInfo.InvariantCulture,
            $"""

            ## Strikes

            A request that finds its bucket empty is a strike against the bucket's key; a signature that is not its sender's is {LimitTable.ForgeryStrikes} against the network
            address that brought it. One strike is forgotten in {Words(LimitTable.StrikeLife)}. From {LimitTable.GreyFrom} strikes on the key is on the grey list: its bucket fills at {LimitTable.GreyShare * 100} % of its rate.
            From {LimitTable.BanFrom} on it is banned for {Words(LimitTable.Ban)}: 429 `Banned`. A bucket that nobody asks for is forgotten after {Words(LimitTable.Kept)}.

            ## Bounds

            | limit | most | status and code | what |
            |---|---|---|---|

            """).ReplaceLineEndings("\n"));
        foreach (var limit in LimitTable.All)
            page.Append(CultureInfo.InvariantCulture,
                $"| `{limit.Name}` | {limit.Most:N0} {limit.Unit} | {limit.Status} `{limit.Code}` | {limit.Words} |\n");
        return page.Append(
            """
            | `BLOB_BYTES` | as the store is set: 16 MiB | 413 `ContentTooLarge` | one blob of content |
            | `QUOTA_BYTES` | as the store is set: 4 GiB | 507 `NoRoomForContent` | all blobs of content |
            | `FREE_BYTES` | 64 MiB | 507 `NoRoomForContent` | what the disk keeps free beside the content |
            | `LOCK_SECONDS` | 30 seconds | 503 `ContentStoreBusy` | how long a change of content waits for other processes |
            | `WAITING_COMMANDS` | as the journal is set | 503 `Busy` | commands that wait for their transactions |

            ## Who is let in

            `--commands-allow` names the only addresses whose commands are taken: everybody else gets 403 `NotAllowed`. `--commands-trust` names networks
            that no bucket counts, such as the operator's own; bounds hold for them too. A database or a node that does not answer is 503 `Busy`.

            """.ReplaceLineEndings("\n")).ToString();
    }

    private static string Words(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 and var days } => days == 1 ? "1 day" : $"{days} days",
        { TotalHours: >= 1 and var hours } => hours == 1 ? "1 hour" : $"{hours} hours",
        { TotalMinutes: >= 1 and var minutes } => minutes == 1 ? "1 minute" : $"{minutes} minutes",
        var seconds => seconds.TotalSeconds == 1 ? "1 second" : $"{seconds.TotalSeconds} seconds",
    };
}
