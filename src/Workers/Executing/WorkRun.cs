// The run of a task's work. Enters: an agent and the hash of a specification. Leaves: output and receipt in the content
// store and their hashes, or the reason why the work cannot be done. Always holds: content is stored before its hash is
// returned; only the module that a specification names is run; the specification alone decides everything that a run
// can see.
using EventSourced.Ethereum;
using EventSourced.Sandbox.Engines;
using EventSourced.Workers.Documents;
using EventSourced.Workers.Hosted;
using EventSourced.Workers.Queueing;

namespace EventSourced.Workers.Executing;

/// <summary>The preparation of a task's work.</summary>
public abstract record Preparation
{
    private Preparation()
    {
    }

    /// <summary>All content of the work is here.</summary>
    /// <param name="Work">The work to run.</param>
    /// <param name="Module">The module; null: a service on the web does it.</param>
    /// <param name="Input">Standard input.</param>
    /// <param name="Files">Input files.</param>
    public sealed record Ready(
        Work Work, ReadOnlyMemory<byte>? Module, ReadOnlyMemory<byte> Input,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files) : Preparation;

    /// <summary>A part of the content is missing, and may still come.</summary>
    /// <param name="Reason">The reason.</param>
    public sealed record Missing(string Reason) : Preparation;

    /// <summary>The work can never be done.</summary>
    /// <param name="Reason">The reason.</param>
    public sealed record Impossible(string Reason) : Preparation;
}

/// <summary>The end of a task's work.</summary>
public abstract record WorkEnd
{
    private WorkEnd()
    {
    }

    /// <summary>The work is done and stored.</summary>
    /// <param name="Result">The output's hash.</param>
    /// <param name="Receipt">The receipt text's hash.</param>
    public sealed record Done(Hash32 Result, Hash32 Receipt) : WorkEnd;

    /// <summary>The work cannot be done.</summary>
    /// <param name="Reason">The reason.</param>
    public sealed record Undone(string Reason) : WorkEnd;
}

/// <summary>Does work.</summary>
/// <param name="engine">The engine that runs modules.</param>
/// <param name="find">Finds content.</param>
/// <param name="keep">Keeps content.</param>
/// <param name="web">Calls services on the web.</param>
/// <param name="turns">The limit on modules that run at once.</param>
public sealed class WorkRun(SandboxEngine engine, FindContent find, KeepContent keep, WebAgent web, Turns turns)
{
    /// <summary>Fetches all content that a run needs.</summary>
    public async Task<Preparation> PrepareAsync(HostedAgent agent, Hash32 specHash, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(agent);
        if (await find(specHash, cancellation).ConfigureAwait(false) is not { } text)
            return new Preparation.Missing($"the specification {ContentIds.CidOf(specHash)} is in no store");
        Work work;
        try
        {
            work = TaskSpecification.Parse(text).Work;
        }
        catch (FormatException unreadable)
        {
            return new Preparation.Impossible($"the specification cannot be read: {unreadable.Message}");
        }

        ReadOnlyMemory<byte>? module = null;
        if (work.Module is null && agent.Endpoint is null && agent.Modules.Count == 0)
            return new Preparation.Impossible("the specification names no module, and the agent has none");
        // A service on the web is used only if the specification leaves the choice.
        if ((work.Module ?? (agent.Endpoint is null ? agent.Modules[0] : null)) is { } named
            && (module = await find(named, cancellation).ConfigureAwait(false)) is null)
            return new Preparation.Missing($"the module {ContentIds.CidOf(named)} is in no store");
        if (await find(work.Input, cancellation).ConfigureAwait(false) is not { } input)
            return new Preparation.Missing($"the input {ContentIds.CidOf(work.Input)} is in no store");
        var files = new Dictionary<string, ReadOnlyMemory<byte>>();
        foreach (var (path, hash) in work.Files)
        {
            if (await find(hash, cancellation).ConfigureAwait(false) is not { } file)
                return new Preparation.Missing($"the file {ContentIds.CidOf(hash)} is in no store");
            files.Add(path, file);
        }

        return new Preparation.Ready(work, module, input, files);
    }

    /// <summary>Does the work and stores its results.</summary>
    public Task<WorkEnd> RunAsync(
        HostedAgent agent, ulong taskId, Preparation.Ready ready, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(ready);
        return ready.Module is { } module
            ? RunModuleAsync(module, ready, cancellation)
            : AskAsync(agent, taskId, ready, cancellation);
    }

    private async Task<WorkEnd> RunModuleAsync(
        ReadOnlyMemory<byte> module, Preparation.Ready ready, CancellationToken cancellation)
    {
        try
        {
            var execution = ready.Work.Over(module, ready.Input, ready.Files);
            var result = await turns.RunAsync(() => execution.Run(engine, cancellation), cancellation)
                .ConfigureAwait(false);
            var exit = result.Receipt.Exit;
            if (exit is not { Kind: "exited", Code: 0 })
                return new WorkEnd.Undone(
                    $"expected the module to exit with 0, found {exit.Kind} {exit.Code}{exit.Reason}");
            var output = await keep(result.Output, cancellation).ConfigureAwait(false);
            return new WorkEnd.Done(
                output, await keep(result.Receipt.HashedText(), cancellation).ConfigureAwait(false));
        }
        catch (ArgumentException impossible)
        {
            return new WorkEnd.Undone($"the specification asks for a run that cannot be: {impossible.Message}");
        }
    }

    private async Task<WorkEnd> AskAsync(
        HostedAgent agent, ulong taskId, Preparation.Ready ready, CancellationToken cancellation)
    {
        var answer = await web.AskAsync(
            agent.Endpoint!, taskId, agent.Id, ready.Input, ready.Work.Limits.OutputBytes, cancellation)
            .ConfigureAwait(false);
        if (answer is not WebAnswer.Done done)
            return new WorkEnd.Undone($"the agent's service did not do it: {((WebAnswer.Failed)answer).Reason}");
        var output = await keep(done.Output, cancellation).ConfigureAwait(false);
        var receipt = new CallReceipt(
            taskId, agent.Id, agent.Endpoint!, ready.Work.Input, output, done.Status, done.ContentType);
        return new WorkEnd.Done(output, await keep(receipt.ToJson(), cancellation).ConfigureAwait(false));
    }
}
