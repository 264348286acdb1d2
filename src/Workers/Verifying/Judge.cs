// Judges delivered work by a second run, by the table of docs/execution.md. Enters: the chain's facts about a delivery,
// and content by hash. Leaves: right, wrong, or the reason why it cannot be judged. Always holds: equal deliveries and
// equal content give equal verdicts and equal findings on every machine; a failure of the client's duties never counts
// against the agent.
using EventSourced.Ethereum;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Receipts;
using EventSourced.Workers.Documents;
using EventSourced.Workers.Queueing;

namespace EventSourced.Workers.Verifying;

/// <summary>The chain's facts about a delivery.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="SpecHash">The hash of the specification.</param>
/// <param name="ResultHash">The hash of the output.</param>
/// <param name="ReceiptHash">The hash of the receipt text.</param>
public sealed record Delivered(ulong TaskId, Hash32 SpecHash, Hash32 ResultHash, Hash32 ReceiptHash);

/// <summary>The verdict of a judge.</summary>
public abstract record Judgement
{
    private Judgement()
    {
    }

    /// <summary>The delivery cannot be judged.</summary>
    /// <param name="Reason">The reason.</param>
    /// <param name="IsMissing">Whether content is missing that may still come.</param>
    public sealed record Open(string Reason, bool IsMissing) : Judgement;

    /// <summary>The delivery is judged.</summary>
    /// <param name="Finding">The finding.</param>
    /// <param name="Proof">The receipt text that proves kind 2 by itself; null: no text proves it.</param>
    /// <param name="IsMissing">Whether the verdict rests on missing content of the agent that may still come.</param>
    public sealed record Made(Finding Finding, ReadOnlyMemory<byte>? Proof, bool IsMissing) : Judgement;
}

/// <summary>Judges deliveries.</summary>
/// <param name="engine">The engine that runs modules.</param>
/// <param name="find">Finds content.</param>
/// <param name="turns">The limit on modules that run at once.</param>
public sealed class Judge(SandboxEngine engine, FindContent find, Turns turns)
{
    /// <summary>Judges a delivery. This takes as long as the work itself.</summary>
    public async Task<Judgement> JudgeAsync(Delivered delivered, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(delivered);
        if (await find(delivered.SpecHash, cancellation).ConfigureAwait(false) is not { } text)
            return new Judgement.Open($"the specification {delivered.SpecHash} is in no store", IsMissing: true);
        Work work;
        try
        {
            work = TaskSpecification.Parse(text).Work;
        }
        catch (FormatException unreadable)
        {
            return new Judgement.Open($"the specification is none of ours: {unreadable.Message}", IsMissing: false);
        }

        var (given, absent) = await ProvidedAsync(work, cancellation).ConfigureAwait(false);
        if (given is null) return new Judgement.Open($"{absent} of the specification is in no store", IsMissing: true);
        if (await find(delivered.ReceiptHash, cancellation).ConfigureAwait(false) is not { } receipt)
        {
            // Without a module, the missing receipt may have been of any kind, even of one that is not judged.
            return work.Module is null
                ? new Judgement.Open($"the receipt {delivered.ReceiptHash} is in no store", IsMissing: true)
                : Wrong(delivered, [new("receipt", delivered.ReceiptHash.ToString(), "no content with that hash")],
                    null, isMissing: true);
        }

        return await JudgeAsync(delivered, work, given, receipt, cancellation).ConfigureAwait(false);
    }

    private async Task<Judgement> JudgeAsync(
        Delivered delivered, Work work, Provided given, ReadOnlyMemory<byte> text, CancellationToken cancellation)
    {
        if (work.Module is null && CallReceipt.IsOne(text))
            return new Judgement.Open("the work was done by a service on the web, as the specification allows", false);
        // The court reads a text from its end, whatever comes before: its reading counts first.
        if (ReceiptEnding.OutputHash(text.Span) is { } stated && stated != delivered.ResultHash)
        {
            return Wrong(
                delivered, [new("outputHash", stated.ToString(), $"{delivered.ResultHash} as the result")], text);
        }

        Receipt claimed;
        try
        {
            claimed = Receipt.ParseHashedText(text);
        }
        catch (FormatException malformed)
        {
            return Wrong(delivered, [new("form", "to be a receipt", malformed.Message)]);
        }

        var module = given.Module
            ?? await find(ContentIds.FromDigits(claimed.ModuleHash), cancellation).ConfigureAwait(false);
        if (module is null)
            return Wrong(delivered, [new("moduleHash", claimed.ModuleHash, "no content with that hash")], null, true);
        var found = await RunAsync(work, module.Value, given, cancellation).ConfigureAwait(false);
        return found is null
            ? new Judgement.Open("the specification names a path or a variable that no run accepts", IsMissing: false)
            : Compare(delivered, claimed, found);
    }

    private static Judgement.Made Compare(Delivered delivered, Receipt claimed, Receipt found)
    {
        var hash = ContentIds.FromDigits(found.ReceiptHash);
        List<ReceiptDifference> differences = [.. ReceiptVerifier.Differences(claimed, found)];
        if (found.Exit is not { Kind: "exited", Code: 0 })
        {
            differences.Add(
                new("exit", "work that was done", $"{found.Exit.Kind} {found.Exit.Code} {found.Exit.Reason}".TrimEnd()));
        }

        return new Judgement.Made(
            new Finding(delivered.TaskId, differences.Count == 0, differences, delivered.ReceiptHash, hash),
            null, IsMissing: false);
    }

    private async Task<Receipt?> RunAsync(
        Work work, ReadOnlyMemory<byte> module, Provided given, CancellationToken cancellation)
    {
        try
        {
            var execution = work.Over(module, given.Input, given.Files);
            return await turns.RunAsync(
                () => execution.Run(engine, cancellation).Receipt, cancellation).ConfigureAwait(false);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private async Task<(Provided? Given, string? Absent)> ProvidedAsync(Work work, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte>? module = null;
        if (work.Module is { } named && (module = await find(named, cancellation).ConfigureAwait(false)) is null)
            return (null, $"the module {named}");
        if (await find(work.Input, cancellation).ConfigureAwait(false) is not { } input)
            return (null, $"the input {work.Input}");
        var files = new Dictionary<string, ReadOnlyMemory<byte>>();
        foreach (var (path, hash) in work.Files)
        {
            if (await find(hash, cancellation).ConfigureAwait(false) is not { } file) return (null, $"the file {hash}");
            files.Add(path, file);
        }

        return (new Provided(module, input, files), null);
    }

    private static Judgement.Made Wrong(
        Delivered delivered, IReadOnlyList<ReceiptDifference> differences, ReadOnlyMemory<byte>? proof = null,
        bool isMissing = false) =>
        new(new Finding(delivered.TaskId, false, differences, delivered.ReceiptHash, null), proof, isMissing);

    private sealed record Provided(
        ReadOnlyMemory<byte>? Module, ReadOnlyMemory<byte> Input,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files);
}
