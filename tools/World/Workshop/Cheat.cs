// An agent that wants the money without the work. Enters: open tasks. Leaves: low bids now and then, and invented
// results with receipts that claim them. Always holds: it breaks no rule of a contract, so only who runs the work again
// can find it out; which tasks it goes for depends on their number alone.
using System.Globalization;
using System.Text;
using EventSourced.Client;
using EventSourced.Content;
using EventSourced.Ethereum;
using static EventSourced.Client.Commands;

namespace EventSourced.World;

/// <summary>A dishonest agent, by hand.</summary>
public sealed class Cheat(Person person, IReadOnlyList<Person> clients, Shelf shelf)
{
    /// <summary>It goes for one task of so many.</summary>
    public const int OneOf = 16;

    private readonly HashSet<ulong> _bid = [];

    /// <summary>Does what there is to do, and says so.</summary>
    public async Task<IReadOnlyList<string>> TurnAsync(CancellationToken cancellation)
    {
        var variables = WorkshopJson.Clients(clients);
        variables["agent"] = person.AgentId.ToString(CultureInfo.InvariantCulture);
        var answer = await person.Client.QueryAsync(
            WorkshopJson.Open, variables, WorkshopJson.Default.OpenAnswer, cancellation);
        var said = new List<string>();
        if (answer.Meta.Block is not { } block) return said;
        foreach (var task in answer.Open.Items)
        {
            var id = ulong.Parse(task.TaskId, CultureInfo.InvariantCulture);
            if (id % OneOf != 1 || task.CommitEnd <= block.Timestamp || !_bid.Add(id)) continue;
            said.Add(await BidAsync(id, task, block, cancellation));
        }

        foreach (var task in answer.Mine.Items) said.Add(await WorkAsync(task, cancellation));
        return said;
    }

    private async Task<string> BidAsync(ulong id, OpenRow task, BlockRow block, CancellationToken cancellation)
    {
        var price = UInt256.Parse(task.MaxPrice) / 3;
        var eta = (ulong)block.Timestamp.ToUnixTimeSeconds() + 3_600;
        await person.DoAsync(
            new Tasks.PlaceBid(id, person.AgentId, price, eta, Keccak256.Hash("trust me")), cancellation);
        return $"{person.Name} bids a third for task {id}";
    }

    private async Task<string> WorkAsync(OpenRow task, CancellationToken cancellation)
    {
        var id = UInt256.Parse(task.TaskId);
        if (task.Status == "MATCHED")
        {
            await person.DoAsync(new Leases.Start(id), cancellation);
            return $"{person.Name} starts task {id}";
        }

        var result = await shelf.PutAsync(Encoding.UTF8.GetBytes($"Task {id} was done with great care.\n"), cancellation);
        var asked = Cid.TryParse(task.Terms?.SpecUri.Split('/')[^1], out var cid)
            ? await shelf.FindAsync<TaskText>(cid, cancellation) : null;
        if (asked is null) return $"{person.Name} finds no specification of task {id}";
        var receipt = await shelf.PutAsync(Encoding.UTF8.GetBytes(Receipt(asked.Work, result)), cancellation);
        await person.DoAsync(
            new Tasks.Submit(id, Shelf.HashOf(result), Shelf.HashOf(receipt), $"ipfs://{result}"), cancellation);
        return $"{person.Name} delivers an invented result for task {id}";
    }

    // Of the right form and about the right work, so that only a run can tell.
    private static string Receipt(WorkText work, Cid output)
    {
        var arguments = string.Join(',', work.Arguments.Select(one => $"\"{one}\""));
        return "{\"arguments\":[" + arguments + "],\"clock\":{\"startNanoseconds\":\"0\",\"stepNanoseconds\":\"0\"},"
            + "\"engineVersion\":\"eventsourced-meter/1\",\"environment\":{},\"errorOutputHash\":\"" + Hex(Cid.Of([]))
            + "\",\"exit\":{\"code\":0,\"kind\":\"exited\"},\"files\":{},\"fuelUsed\":1234567,\"inputHash\":\""
            + Hex(Cid.Parse(work.Input)) + "\",\"limits\":{\"callDepth\":2000,\"fuel\":1000000000,"
            + "\"memoryBytes\":67108864,\"outputBytes\":1048576},\"memoryPeakBytes\":131072,\"moduleHash\":\""
            + Hex(Cid.Parse(work.Module)) + "\",\"outputHash\":\"" + Hex(output)
            + "\",\"randomSeed\":\"0\",\"schema\":\"eventsourced-execution-receipt/1\"}";

        static string Hex(Cid cid) => Convert.ToHexStringLower(cid.Digest);
    }
}
