// Which contract serves which name, under which version and hash of the event catalog: the rows of the directory on
// the chain. Enters: registrations, the first ones at deployment. Leaves: what `registrationOf` answers, and by the
// places of first registration the order of `nameAt`. Always holds: a name is never taken away, and its catalog
// version never falls.
namespace EventSourced.Domain;

/// <summary>The aggregate of one name of the directory.</summary>
public static class Contracts
{
    // Events

    /// <summary>How a name's registrations reach it.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("contract", Evolve)
        .On<ContractRegistered>(e => e.Name);

    // State

    /// <summary>A registered contract.</summary>
    /// <param name="Key">The name in one word.</param>
    /// <param name="Name">The name as text; empty where the word is none.</param>
    /// <param name="Address">The contract that serves the name.</param>
    /// <param name="CatalogVersion">The version of the event catalog by which its events are read.</param>
    /// <param name="CatalogHash">The hash of that catalog.</param>
    /// <param name="Registrations">How often the name was registered, from 1.</param>
    /// <param name="FirstBlock">The block of the first registration.</param>
    /// <param name="FirstLogIndex">Its place in that block; with the block the order of the directory's names.</param>
    /// <param name="CreatedAt">When the name was first registered.</param>
    /// <param name="RegisteredAt">When this contract was registered.</param>
    public sealed record State(
        Word Key,
        string Name,
        Address Address,
        uint CatalogVersion,
        Word CatalogHash,
        uint Registrations,
        ulong FirstBlock,
        uint FirstLogIndex,
        Instant CreatedAt,
        Instant RegisteredAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, ContractRegistered { CatalogVersion: 0 } or ContractRegistered { Name.IsZero: true }) => null,
        (null, ContractRegistered e) => new State(
            e.Name, ShortText.Of(e.Name), e.Location, e.CatalogVersion, e.CatalogHash, 1, at.Block, at.LogIndex, at.Time,
            at.Time),
        (_, ContractRegistered e) when e.CatalogVersion >= state.CatalogVersion => state with
        {
            Address = e.Location,
            CatalogVersion = e.CatalogVersion,
            CatalogHash = e.CatalogHash,
            Registrations = state.Registrations + 1,
            RegisteredAt = at.Time,
        },
        _ => null,
    };
}
