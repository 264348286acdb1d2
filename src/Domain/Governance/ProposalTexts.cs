// What a proposal says and would do: its description and its calls, which never change and may be long. Enters: its
// creation. Leaves: one line a call, `target value data`, as `queue` and `execute` have to be given them. Always
// holds: written once.
using System.Text;

namespace EventSourced.Domain;

/// <summary>The words of one proposal.</summary>
public static class ProposalTexts
{
    // Events

    /// <summary>How a proposal's words reach it.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("proposal-text", Evolve)
        .Also<ProposalCreated>(e => e.ProposalId);

    // State

    /// <summary>The words of a proposal.</summary>
    /// <param name="ProposalId">The proposal.</param>
    /// <param name="Description">What its proposer says of it.</param>
    /// <param name="CallCount">How many calls it would make.</param>
    /// <param name="Calls">The calls in their order, one a line: target, ether in wei, data.</param>
    public sealed record State(Word ProposalId, string Description, ushort CallCount, string Calls);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, ProposalCreated e) => new State(e.ProposalId, e.Description, (ushort)e.Targets.Count, Lines(e)),
        _ => null,
    };

    private static string Lines(ProposalCreated e)
    {
        var lines = new StringBuilder();
        for (var i = 0; i < e.Targets.Count; i++)
            lines.Append(i == 0 ? "" : "\n").Append($"{e.Targets[i]} {e.Values[i]} {e.Calldatas[i]}");
        return lines.ToString();
    }
}
