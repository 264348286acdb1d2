// The workshop's clients. Enters: orders, and what the index says of earlier ones. Leaves: tasks with real inputs, and
// payments for what was delivered. Always holds: a client waits with its acceptance until verifiers had time to look;
// of four deliveries it forgets one, and the keepers finish that.
using System.Globalization;
using EventSourced.Ethereum;
using static EventSourced.Client.Commands;

namespace EventSourced.World;

/// <summary>Clients that post tasks, and pay.</summary>
public sealed class Customers(
    IReadOnlyList<Person> clients, Orders orders, Shelf shelf, IReadOnlyDictionary<string, string> modules,
    Random random)
{
    private const ulong OpenToAll = 1;

    // Anybody may challenge a delivery that its client has accepted, for a while.
    private const ulong Optimistic = 1;
    private const ulong Minute = 60;
    private const ulong Hour = 60 * Minute;
    private const ulong BidWindow = 10 * Minute;
    private const ulong StartWindow = Hour;
    private const ulong DeliverWindow = 6 * Hour;
    private const ulong ReviewWindow = 2 * Hour;
    private const ulong ChallengeWindow = Hour;
    private const ulong LeaseTtl = Hour;
    private const ulong Life = 48 * Hour;
    private const int Forgotten = 4;
    private const int MostRemembered = 10_000;

    private static readonly TimeSpan BeforePay = TimeSpan.FromMinutes(45);

    private readonly HashSet<string> _paid = [];

    /// <summary>Posts the next order, and says what it asks.</summary>
    public async Task<string> PostAsync(CancellationToken cancellation)
    {
        var order = orders.Draw(random);
        var client = clients[random.Next(clients.Count)];
        var price = (ulong)random.Next(40, 120);
        var input = await shelf.PutAsync(await File.ReadAllBytesAsync(order.Input, cancellation), cancellation);
        var specification = await shelf.PutDocumentAsync(
            new TaskText(
                "eventsourced-task/1", order.Title, order.Capability,
                new WorkText(modules[order.Capability], $"{input}", order.Arguments)),
            cancellation);
        var block = await client.Client.BlockAsync(cancellation)
            ?? throw new InvalidOperationException("expected an index with a block, found an empty one");
        var terms = new Tasks.CreateTerms(
            Mode: OpenToAll, Verification: Optimistic, Domain: Word(order.Capability), MaxPrice: Cast.Credits(price),
            AgentBond: Cast.Credits(price / 4 + 1), MinReputation: -1_000_000_000, BidWindow: BidWindow,
            RevealWindow: 0, StartWindow: StartWindow, DeliverWindow: DeliverWindow, ReviewWindow: ReviewWindow,
            ChallengeWindow: ChallengeWindow, LeaseTtl: LeaseTtl, Grace: Minute,
            ExpiresAt: (ulong)block.Timestamp.ToUnixTimeSeconds() + Life, SpecHash: Shelf.HashOf(specification),
            SpecURI: $"ipfs://{specification}");
        await client.DoAsync(new Tasks.Create(UInt256.Zero, terms), cancellation);
        return $"{client.Name} asks for up to {price} credits: {order.Title}";
    }

    /// <summary>Pays for what was delivered long enough ago.</summary>
    public async Task PayAsync(CancellationToken cancellation)
    {
        var answer = await clients[0].Client.QueryAsync(
            WorkshopJson.Delivered, WorkshopJson.Clients(clients), WorkshopJson.Default.DeliveredAnswer, cancellation);
        if (answer.Meta.Block is not { } block) return;
        foreach (var task in answer.Tasks.Items)
        {
            var client = clients.First(one => one.Address == task.Client);
            if (ulong.Parse(task.TaskId, CultureInfo.InvariantCulture) % Forgotten == 0) continue;
            if (task.Submission is not { } submission || block.Timestamp - submission.SubmittedAt < BeforePay) continue;
            if (_paid.Count == MostRemembered) _paid.Clear();
            if (_paid.Add(task.TaskId))
                await client.DoAsync(new Tasks.Accept(UInt256.Parse(task.TaskId)), cancellation);
        }
    }

    private static Hash32 Word(string text)
    {
        var word = new byte[Hash32.ByteCount];
        System.Text.Encoding.ASCII.GetBytes(text, word);
        return new Hash32(word);
    }
}
