// One line of the table of commands. Enters: the contract's function, who may send it, what it acts on, the domain's
// command, and a sentence. Leaves: all that endpoints, documents, next actions and MCP tools say about the command.
// Always holds: the function is one of the contract's own ABI; its parameters and their types come from there and are
// written nowhere else.
using EventSourced.Chain.Contracts;
using EventSourced.Domain.Folding;
using EventSourced.Ethereum.Abi;

namespace EventSourced.Api.Commands.Catalog;

/// <summary>A command that somebody may send.</summary>
internal sealed record CommandEntry
{
    private readonly Func<Wish, ValueTask<Command>>? _make;

    private CommandEntry(
        string name, string call, Sender sender, Subject? subject, Type? command, Func<Wish, ValueTask<Command>>? make,
        string effect)
    {
        var dot = call.IndexOf('.', StringComparison.Ordinal);
        (Name, Sender, Subject, Command, _make, Effect) = (name, sender, subject, command, make, effect);
        Contract = ContractInterfaces.All.First(contract => contract.Name == call[..dot]);
        Function = Contract.Function(call[(dot + 1)..]);
    }

    /// <summary>The name in paths and documents: <c>tasks.create</c>. Stored with each command; never rename.</summary>
    public string Name { get; }

    /// <summary>The contract.</summary>
    public ContractInterface Contract { get; }

    /// <summary>The function.</summary>
    public AbiFunction Function { get; }

    /// <summary>The accounts that may send it.</summary>
    public Sender Sender { get; }

    /// <summary>The thing that it acts on; null: nothing that has a row.</summary>
    public Subject? Subject { get; }

    /// <summary>The domain's command; null: the chain's simulation alone decides.</summary>
    public Type? Command { get; }

    /// <summary>What will change, in words; braces hold arguments.</summary>
    public string Effect { get; }

    /// <summary>A command that only the simulation decides.</summary>
    public static CommandEntry Row(string name, string call, Sender sender, string effect) =>
        new(name, call, sender, null, null, null, effect);

    /// <summary>A command on a thing that only the simulation decides.</summary>
    public static CommandEntry Row(string name, string call, Sender sender, Subject subject, string effect) =>
        new(name, call, sender, subject, null, null, effect);

    /// <summary>A command that the domain decides.</summary>
    public static CommandEntry Row<TCommand>(
        string name, string call, Sender sender, Subject subject, Func<Wish, TCommand> make, string effect)
        where TCommand : Command =>
        new(name, call, sender, subject, typeof(TCommand), wish => new ValueTask<Command>(make(wish)), effect);

    /// <summary>A command that the domain decides by more than the thing's own row.</summary>
    public static CommandEntry Row<TCommand>(
        string name, string call, Sender sender, Subject subject, Func<Wish, ValueTask<TCommand>> make, string effect)
        where TCommand : Command =>
        new(name, call, sender, subject, typeof(TCommand), async wish => await make(wish).ConfigureAwait(false),
            effect);

    /// <summary>The folded state's answer to a wish; null: the state has none, and the simulation decides.</summary>
    public async ValueTask<Decision?> DecideAsync(Wish wish)
    {
        var row = Subject is null ? null : await Subject.LoadAsync(wish).ConfigureAwait(false);
        if (Sender.Check is { } check && await check(wish, row).ConfigureAwait(false) is { } refusal)
            return new Decision.Refused(refusal);
        if (_make is null) return null;
        return await Subject!.DecideAsync(row, await _make(wish).ConfigureAwait(false), wish).ConfigureAwait(false);
    }

    /// <summary>A parameter's name; the few without one are numbered.</summary>
    public static string NameOf(AbiParameter parameter, int index) =>
        parameter.Name.Length > 0 ? parameter.Name : $"argument{index + 1}";
}
