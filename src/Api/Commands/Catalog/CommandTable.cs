// The table of commands: every transaction that an agent, client, verifier, guardian or member of the council may send.
// Enters: nothing. Leaves: the commands by name, and by contract and selector. Always holds: names and calls are
// unique; tests compare the table with the ABIs and with the domain's commands, and name what is left out with its
// reason.
using System.Collections.Frozen;

namespace EventSourced.Api.Commands.Catalog;

/// <summary>All commands.</summary>
internal static class CommandTable
{
    /// <summary>In the order of their names.</summary>
    public static IReadOnlyList<CommandEntry> All { get; } =
    [
        .. new[]
        {
            MarketTable.All,
            PeopleTable.All,
            MoneyTable.All,
            CourtTable.All,
            WorkTable.All,
            GovernmentTable.All,
        }
            .SelectMany(table => table).OrderBy(entry => entry.Name, StringComparer.Ordinal),
    ];

    private static readonly FrozenDictionary<string, CommandEntry> ByName =
        All.ToFrozenDictionary(entry => entry.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<(string, uint), CommandEntry> ByCall =
        All.ToFrozenDictionary(entry => (entry.Contract.Name, entry.Function.Selector));

    /// <summary>The command of a name; null: there is none.</summary>
    public static CommandEntry? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The command that a contract's function is; null: there is none.</summary>
    public static CommandEntry? Find(string contract, uint selector) => ByCall.GetValueOrDefault((contract, selector));
}
