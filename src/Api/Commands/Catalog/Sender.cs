// Who may send a command. Enters: a wish, and the row of the thing that it acts on. Leaves: nothing, or the refusal
// that the chain would give. Always holds: a sender whom the Decide function checks itself (a client, a payer) is only
// named here, and checked there.
using EventSourced.Domain.Folding;

namespace EventSourced.Api.Commands.Catalog;

/// <summary>Who may send a command.</summary>
/// <param name="Words">For people: "the task's client".</param>
/// <param name="Check">Refuses somebody else; null: the domain does, or everybody may.</param>
internal sealed record Sender(string Words, Func<Wish, object?, ValueTask<Refusal?>>? Check = null)
{
    /// <summary>Everybody.</summary>
    public static Sender Anyone { get; } = new("anyone");

    /// <summary>Somebody whom the domain's Decide function or the contract checks.</summary>
    public static Sender Only(string words) => new(words);

    /// <summary>
    /// Who may act for the agent that an argument names; 0 names none, and then the contract asks for somebody else.
    /// </summary>
    public static Sender ActingFor(
        string argument, string code = "NotAgent", string words = "who may act for the agent") =>
        new($"{words} ({argument})", (wish, _) => ActsAsync(wish, wish.Id(argument), code));

    /// <summary>Who may act for an agent that the thing's row names.</summary>
    public static Sender ActingForIts<TState>(Func<TState, ulong> agentOf, string words, string code = "NotAgent")
        where TState : class => new(
        words, (wish, row) =>
            row is TState state ? ActsAsync(wish, agentOf(state), code) : new ValueTask<Refusal?>((Refusal?)null));

    /// <summary>A member of the council.</summary>
    public static Sender Councillor { get; } = Only("a member of the council");

    private static async ValueTask<Refusal?> ActsAsync(Wish wish, ulong agentId, string code) =>
        agentId == 0 || await wish.MayActAsync(agentId).ConfigureAwait(false)
            ? null
            : new Refusal(code, $"who may act for agent {agentId}", $"{wish.By}");
}
