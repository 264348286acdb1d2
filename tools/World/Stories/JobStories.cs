// Agents of others at the door of ERC-8183: jobs from their creation to each of their ends, and a task that becomes a
// job. Enters: how the job ends. Leaves: the acts of client, provider and evaluator, in the standard's words.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.World;

/// <summary>How a job ends.</summary>
public enum JobEnding
{
    Completed,
    PaidBySilence,
    RejectedOpen,
    RejectedFunded,
    Contested,
    Expired,
    Adopted,
}

/// <summary>Stories of jobs.</summary>
public sealed class JobStories(Cast cast, Random random)
{
    private const ulong Life = 7_200;
    private const ulong Review = 86_400;

    private static readonly AbiFunction SetProvider = AbiFunction.Parse(
        "function setProvider(uint256 jobId, address provider)");
    private static readonly AbiFunction SetBudget = AbiFunction.Parse(
        "function setBudget(uint256 jobId, uint256 amount)");
    private static readonly AbiFunction Fund = AbiFunction.Parse(
        "function fund(uint256 jobId, uint256 expectedBudget)");
    private static readonly AbiFunction Submit = AbiFunction.Parse(
        "function submit(uint256 jobId, bytes32 deliverable)");
    private static readonly AbiFunction Complete = AbiFunction.Parse(
        "function complete(uint256 jobId, bytes32 reason)");
    private static readonly AbiFunction Reject = AbiFunction.Parse("function reject(uint256 jobId, bytes32 reason)");

    private readonly Contract _jobs = cast.Contracts["Jobs"];
    private readonly Contract _market = cast.Contracts["TaskMarket"];

    /// <summary>One job.</summary>
    public IEnumerable<Beat> Job(JobEnding ending)
    {
        var client = cast.Client(random);
        var provider = cast.Worker(random);
        // The client evaluates where the court is to be asked: a dispute is at its cost.
        var evaluator = ending == JobEnding.Contested ? client : (client + 1) % cast.Population.Clients;
        yield return Beat.Do(provider.Actor, _jobs, "serveAs", provider.Id);
        if (ending == JobEnding.Adopted)
        {
            foreach (var beat in Adopted(client, provider)) yield return beat;
            yield break;
        }

        var job = cast.Jobs.Next();
        var expiredAt = cast.Now + Life;
        yield return Beat.Do(
            client, _jobs, "createJob", default(Address), cast.Addresses[evaluator], expiredAt, $"translate page {job}",
            default(Address));
        yield return Do(client, SetProvider, job, provider.Owner);
        yield return Do(provider.Actor, SetBudget, job, Cast.Credits(90));
        if (ending == JobEnding.RejectedOpen)
        {
            yield return Do(client, Reject, job, Cast.Word($"no use for {job}"));
            yield break;
        }

        var task = cast.Tasks.Next();
        yield return Do(client, Fund, job, Cast.Credits(90));
        if (ending == JobEnding.RejectedFunded)
        {
            yield return Do(evaluator, Reject, job, Cast.Word($"too late for {job}"));
            yield break;
        }

        if (ending == JobEnding.Expired)
        {
            yield return new Beat.Until(expiredAt);
            yield return Beat.Do(evaluator, _jobs, "claimRefund", job);
            yield break;
        }

        yield return Deliver(provider, job);
        var submittedAt = cast.Now;
        if (ending == JobEnding.Completed) yield return Do(evaluator, Complete, job, Cast.Word($"well done {job}"));
        if (ending == JobEnding.Contested)
        {
            var dispute = cast.Disputes.Next();
            yield return Do(client, Reject, job, Cast.Word($"badly done {job}"));
            yield return Beat.Do(provider.Actor, cast.Contracts["Disputes"], "concede", dispute);
            yield return Beat.Do(client, _jobs, "syncJob", job);
        }

        if (ending != JobEnding.PaidBySilence) yield break;
        yield return new Beat.Until(submittedAt + Review);
        yield return Beat.Do(provider.Actor, _market, "finalize", task);
        yield return Beat.Do(provider.Actor, _jobs, "syncJob", job);
    }

    // A direct task that its client created at the market, delivered and paid at the door.
    private IEnumerable<Beat> Adopted(int client, Agent provider)
    {
        var task = cast.Tasks.Next();
        yield return Beat.Do(
            client, _market, "createTask", provider.Id,
            TaskStory.Terms(task, cast.Now, TaskMode.Direct, false, "text"));
        var job = cast.Jobs.Next();
        yield return Beat.Do(provider.Actor, _jobs, "adopt", task);
        yield return Deliver(provider, job);
        yield return Do(client, Complete, job, Cast.Word($"well done {job}"));
    }

    private Beat.Act Deliver(Agent provider, ulong job)
    {
        cast.Bids.Next();
        cast.WorkLeases.Next();
        return Do(provider.Actor, Submit, job, Cast.Word($"deliverable {job}"));
    }

    // The standard has two forms of most functions; here are those without parameters for a hook.
    private Beat.Act Do(int actor, AbiFunction function, params IReadOnlyList<AbiValue> arguments) =>
        new Beat.Act(actor, _jobs, function.EncodeCall(arguments), $"Jobs.{function.Name}");
}
