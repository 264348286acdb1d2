// All keepers. Always holds: names are unique, and each keeper describes its work; the operator chooses which of them
// run.
using EventSourced.Tables;

namespace EventSourced.Workers.Keeping;

/// <summary>The declarations.</summary>
public static class KeeperTable
{
    /// <summary>Every keeper, in the order of the rooms.</summary>
    public static IReadOnlyList<Keeper> All { get; } =
    [
        .. MarketKeepers.All, .. CourtKeepers.All, .. CommonsKeepers.All, .. GovernmentKeepers.All,
        .. CheckpointKeepers.For([], 0),
    ];

    /// <summary>The keepers, with those of checkpoints set up for some agents.</summary>
    /// <param name="keepers">The keepers.</param>
    /// <param name="agents">
    /// The agents whose stake is the bond. The first one posts; each one signs when it is drawn.
    /// </param>
    /// <param name="epoch">The shortest time from one accepted epoch to the next candidate.</param>
    public static IReadOnlyList<Keeper> ActingFor(
        IReadOnlyList<Keeper> keepers, IReadOnlyList<ulong> agents, TimeSpan epoch)
    {
        var checkpoints = CheckpointKeepers.For(agents, (long)epoch.TotalSeconds).ToDictionary(keeper => keeper.Name);
        return [.. keepers.Select(keeper => checkpoints.GetValueOrDefault(keeper.Name, keeper))];
    }

    /// <summary>The keepers with these names; an unknown name gives null.</summary>
    public static IReadOnlyList<Keeper>? Named(IEnumerable<string> names)
    {
        var byName = All.ToDictionary(keeper => keeper.Name);
        var found = names.Select(name => byName.GetValueOrDefault(name)).ToArray();
        return found.OfType<Keeper>().ToArray() is var known && known.Length == found.Length ? known : null;
    }

    internal static string Table(string model) => TableNames.Of(TableNames.ServingSchema, model);

    internal static string Hex(string column) => $"'0x' || encode({column}, 'hex')";
}
