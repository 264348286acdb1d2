// Commands at a rate. Enters: how many a second, for how long. Leaves: how long acceptance took for each, from the
// moment when it was due; all of them are final and happened once when it says that they are. Always holds: requests
// are signed before the clock starts; a caller that is late does not slow the next one down.
using System.Diagnostics;
using EventSourced.Chain.Encoding;
using EventSourced.Chain.Signing;
using EventSourced.Commands;
using EventSourced.DevNode;
using EventSourced.Ethereum;
using EventSourced.World;
using Npgsql;

namespace EventSourced.BenchCommands;

internal sealed class Load(Contracts contracts, Acceptance acceptance, NpgsqlDataSource source)
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>An agent's registration of a new person each.</summary>
    public Submission[] Sign(int count, ulong deadline = uint.MaxValue)
    {
        var (registry, forwarder) = (contracts["AgentRegistry"], contracts["Forwarder"].Address);
        var data = registry.Encode("register", "ipfs://bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy");
        return [.. Enumerable.Range(0, count).AsParallel().Select(_ =>
        {
            using var person = SigningKey.Generate();
            var request = new ForwardRequest(person.Address, registry.Address, 400_000, 0, deadline, data);
            var signature = person.Sign(request.Digest(AnvilNode.ChainId, forwarder)).ToBytes();
            return new Submission(
                "agents.register", person.Address, "bench", Keccak256.Hash(data), $"{Guid.NewGuid()}",
                new Payload.Forward(forwarder, request, signature), new Simulation(180_000, "an agent is registered"));
        })];
    }

    /// <summary>Accepts at a rate.</summary>
    public async Task<List<double>> AcceptAsync(Submission[] submissions, int perSecond, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var answers = new List<Task<double>>(submissions.Length);
        for (var index = 0; index < submissions.Length; index++)
        {
            var due = TimeSpan.FromSeconds((double)index / perSecond);
            if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed, cancellation);
            answers.Add(OneAsync(submissions[index], due, clock, cancellation));
        }

        return [.. await Task.WhenAll(answers)];
    }

    /// <summary>Waits until all are final.</summary>
    public async Task<TimeSpan> DrainAsync(long all, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        await using var command = source.CreateCommand(
            $"select count(*) filter (where phase = 5), count(*) filter (where phase > 5) from {CommandTables.Command}");
        while (true)
        {
            await using (var reader = await command.ExecuteReaderAsync(cancellation))
            {
                await reader.ReadAsync(cancellation);
                if (reader.GetInt64(1) > 0) throw new InvalidOperationException(
                    $"expected every command to happen, found {reader.GetInt64(1)} that did not");
                if (reader.GetInt64(0) == all) return clock.Elapsed;
            }

            if (clock.Elapsed > DrainLimit) throw new TimeoutException(
                $"expected {all} final commands within {DrainLimit}");
            await Task.Delay(Poll, cancellation);
        }
    }

    private async Task<double> OneAsync(
        Submission submission, TimeSpan due, Stopwatch clock, CancellationToken cancellation)
    {
        var answer = await acceptance.AcceptAsync(submission, cancellation);
        return answer is Answer.Accepted
            ? (clock.Elapsed - due).TotalMilliseconds
            : throw new InvalidOperationException($"expected a command to be accepted, found {answer}");
    }
}
