// es task post|watch|accept|dispute: a client's side of the market from a terminal. Enters: flags. Leaves: commands
// that happened, and a live table of a task. Always holds: without a terminal, a watch prints one line for each change.
using System.CommandLine;
using System.Globalization;
using System.Text;
using EventSourced.Client;
using EventSourced.Ethereum;
using Spectre.Console;
using static EventSourced.Client.Commands;
using Command = System.CommandLine.Command;

namespace EventSourced.Host.Acting;

/// <summary>The command `task`.</summary>
internal static class TaskCommands
{
    private const ulong Direct = 0;
    private const ulong OpenToAll = 1;

    private static readonly string[] Ended = ["FINALIZED", "CANCELLED"];
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>The command.</summary>
    public static Command Create() => new("task", "Acts for a client: posts tasks, watches, accepts and disputes them.")
    {
        Post(), Watch(), Accept(), Dispute(),
    };

    private static Command Post()
    {
        var price = Inputs.Needed(
            "--credits", "The most that it may cost, as 12.5; moves from the wallet in the vault.");
        var bond = Inputs.Needed("--bond", "What the agent's stake answers with, as 3.5.");
        var spec = Inputs.Needed("--spec", "The file of the specification; its hash goes on chain.");
        var uri = Inputs.Needed("--spec-uri", "Where agents find the specification.");
        var agent = Inputs.Usual("--agent", "0", "The one agent that may bid; 0: any.");
        var domain = Inputs.Usual("--domain", "code", "What kind of work it is.");
        var bidding = Inputs.Usual("--bid-seconds", "600", "For how long agents may bid.");
        var delivery = Inputs.Usual("--deliver-seconds", "6000", "How long the work may take.");
        var review = Inputs.Usual("--review-seconds", "36000", "How long you may look at the result.");
        var expiry = Inputs.Usual("--expires-seconds", "86400", "After how long nobody may take it any more.");
        return Actor.Make(
            "post", "Posts a task.", [price, bond, spec, uri, agent, domain, bidding, delivery, review, expiry],
            async (parsed, acted, cancellation) =>
            {
                var block = await acted.Client.BlockAsync(cancellation).ConfigureAwait(false)
                    ?? throw new FormatException("expected an index with a block, found an empty one");
                var hash = await Inputs.HashAsync(parsed.GetValue(spec)!, cancellation).ConfigureAwait(false);
                var named = parsed.Number(agent);
                var create = new Tasks.Create(named, new Tasks.CreateTerms(
                    Mode: named.IsZero ? OpenToAll : Direct, Verification: 0,
                    Domain: Word(parsed.GetValue(domain)!), MaxPrice: parsed.Credits(price),
                    AgentBond: parsed.Credits(bond), MinReputation: -1_000_000_000, BidWindow: parsed.Count(bidding),
                    RevealWindow: 0, StartWindow: 1_200, DeliverWindow: parsed.Count(delivery),
                    ReviewWindow: parsed.Count(review), ChallengeWindow: 600, LeaseTtl: 3_600, Grace: 30,
                    ExpiresAt: (ulong)block.Timestamp.ToUnixTimeSeconds() + parsed.Count(expiry), SpecHash: hash,
                    SpecURI: parsed.GetValue(uri)!));
                var prepared = await acted.Client.PrepareAsync(create, cancellation).ConfigureAwait(false);
                await acted.DoAsync(create, cancellation).ConfigureAwait(false);
                // Another task may come between. A client that posts many at once finds its own by the client of each
                // task.
                var number = prepared.Outcome.Number("taskId");
                acted.Screen.Write(Acted.Rows(("task", $"{number}, where no other came first")));
            });
    }

    private static Command Watch()
    {
        var task = Inputs.Needed("--task", "The task's number.");
        var until = Inputs.Usual(
            "--until", "FINALIZED", "The status at which the watch ends; it ends with the task, too.");
        var most = Inputs.Usual("--seconds", "86400", "The longest that it is watched.");
        return Actor.Make(
            "watch", "Shows a task while it lives.", [task, until, most],
            async (parsed, acted, cancellation) =>
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                limit.CancelAfter(TimeSpan.FromSeconds(Math.Min(parsed.Count(most), (ulong)int.MaxValue / 1_000)));
                var (id, end) = (parsed.Number(task), parsed.GetValue(until)!.ToUpperInvariant());
                if (!acted.Screen.Profile.Capabilities.Interactive)
                    await FollowAsync(acted, id, end, row => Console.WriteLine(Line(row)), limit.Token)
                        .ConfigureAwait(false);
                else
                    await acted.Screen.Live(new Table()).StartAsync(live => FollowAsync(
                        acted, id, end, row => live.UpdateTarget(Shown(row)), limit.Token)).ConfigureAwait(false);
            });
    }

    private static Command Accept()
    {
        var task = Inputs.Needed("--task", "The task's number.");
        return Actor.Make(
            "accept", "Accepts the result of a task; its agent is paid.", [task],
            async (parsed, acted, cancellation) => await acted.DoAsync(
                new Tasks.Accept(parsed.Number(task)), cancellation).ConfigureAwait(false));
    }

    private static Command Dispute()
    {
        var task = Inputs.Needed("--task", "The task's number.");
        var claim = Inputs.Needed("--claim", "The file that says what is wrong; its hash goes on chain.");
        var kind = Inputs.Usual("--kind", "3", "The kind of dispute; 3: the result is not what was asked for.");
        var agent = Inputs.Usual("--agent", "0", "The agent that challenges; 0: the client.");
        return Actor.Make(
            "dispute", "Opens a dispute about a task.", [task, claim, kind, agent],
            async (parsed, acted, cancellation) => await acted.DoAsync(
                new Disputes.Open(
                    parsed.Count(kind), parsed.Number(task), parsed.Number(agent),
                    await Inputs.HashAsync(parsed.GetValue(claim)!, cancellation).ConfigureAwait(false)),
                cancellation).ConfigureAwait(false));
    }

    private static async Task FollowAsync(
        Acted acted, UInt256 task, string until, Action<TaskRow> show, CancellationToken cancellation)
    {
        TaskRow? last = null;
        while (true)
        {
            var row = await acted.Client.TaskAsync(task, cancellation).ConfigureAwait(false)
                ?? throw new FormatException(
                    $"--task: expected a task of the index, found none with the number {task}");
            if (last is null || Line(last) != Line(row)) show(row);
            last = row;
            if (row.Status == until || Ended.Contains(row.Status)) return;
            await Task.Delay(BetweenLooks, cancellation).ConfigureAwait(false);
        }
    }

    private static string Line(TaskRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Id} {row.Status} bids {row.BidCount} agent {row.AgentId ?? "none"} price {Inputs.Credits(row.Price)}");

    private static Table Shown(TaskRow row) => Acted.Rows(
        ("task", row.Id), ("status", row.Status), ("client", $"{row.Client}"),
        ("at most", Inputs.Credits(row.MaxPrice)), ("bids", $"{row.BidCount}"), ("agent", row.AgentId),
        ("price", Inputs.Credits(row.Price)), ("dispute", row.DisputeId),
        ("lease", row.WorkLeases.Items.Count > 0 ? row.WorkLeases.Items[^1].Status : null));

    private static Hash32 Word(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > Hash32.ByteCount)
            throw new FormatException($"--domain: expected at most {Hash32.ByteCount} bytes, found {bytes.Length}");
        return new Hash32([.. bytes, .. new byte[Hash32.ByteCount - bytes.Length]]);
    }
}
