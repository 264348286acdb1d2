// All keepers. Always holds: names are told apart, and each is told what it does; which of them run is the operator's
// choice.
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

    /// <summary>Keepers, where those of checkpoints act for some agents.</summary>
    /// <param name="keepers">Which keepers.</param>
    /// <param name="agents">Whose stake is the bond; the first one posts, all of them sign where they are
    /// drawn.</param>
    /// <param name="epoch">The least time from one accepted epoch to the next candidate.</param>
    public static IReadOnlyList<Keeper> ActingFor(
        IReadOnlyList<Keeper> keepers, IReadOnlyList<ulong> agents, TimeSpan epoch)
    {
        var checkpoints = CheckpointKeepers.For(agents, (long)epoch.TotalSeconds).ToDictionary(keeper => keeper.Name);
        return [.. keepers.Select(keeper => checkpoints.GetValueOrDefault(keeper.Name, keeper))];
    }

    /// <summary>The keepers of some names; an unknown name is null.</summary>
    public static IReadOnlyList<Keeper>? Named(IEnumerable<string> names)
    {
        var byName = All.ToDictionary(keeper => keeper.Name);
        var found = names.Select(name => byName.GetValueOrDefault(name)).ToArray();
        return found.OfType<Keeper>().ToArray() is var known && known.Length == found.Length ? known : null;
    }

    internal static string Table(string model) => TableNames.Of(TableNames.ServingSchema, model);

    internal static string Hex(string column) => $"'0x' || encode({column}, 'hex')";
}
